import { Fault } from '../errors/fault.js';

/** A part of a content: its first and last byte, counted from 0, of so many. */
export interface Part {
  readonly first: number;
  readonly last: number;
  readonly size: number;
}

/** Nothing of the content is in the range that is asked for (RFC 9110 section 15.5.17). */
export class UnsatisfiableRange extends Fault {
  constructor(
    /** How many there are, if that is known. */
    readonly size: number | undefined,
    source: string,
  ) {
    super('unsatisfiable-range', 'The content has no byte in that range.', {
      source,
      expression: 'http.Range',
    });
  }
}

/** The one range of bytes that a header asks for; undefined for anything else, which is answered with the whole (section 14.2). */
export function singleRange(header: string | undefined): string | undefined {
  const found = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header ?? '');
  if (!found) return undefined;
  const [, from, to] = found as unknown as [string, string, string];
  if (from === '' ? to === '' : to !== '' && Number(to) < Number(from)) return undefined;
  return header;
}

/** The part of a content of `size` bytes that such a range is; undefined when it has no byte of it. */
export function partOf(range: string, size: number): Part | undefined {
  const [, from, to] = /^bytes=(\d*)-(\d*)$/.exec(range)!;
  if (from === '') {
    const length = Math.min(Number(to), size);
    return length === 0 ? undefined : { first: size - length, last: size - 1, size };
  }
  const [first, last] = [Number(from), to === '' ? size - 1 : Math.min(Number(to), size - 1)];
  return first >= size ? undefined : { first, last, size };
}

/** What an answer of a server says of the part that it is (section 14.4). */
export function contentRange(header: string | undefined): Part | undefined {
  const found = /^bytes (\d{1,15})-(\d{1,15})\/(\d{1,15})$/.exec(header ?? '');
  if (!found) return undefined;
  const [first, last, size] = found.slice(1).map(Number) as [number, number, number];
  return first <= last && last < size ? { first, last, size } : undefined;
}

/** How many bytes a server says that there are which does not satisfy a range. */
export function sizeOf(header: string | undefined): number | undefined {
  const found = /^bytes \*\/(\d{1,15})$/.exec(header ?? '');
  return found ? Number(found[1]) : undefined;
}
