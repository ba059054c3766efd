import { Fault } from '../../errors/fault.js';
import { type Document, valueAt } from './cell.js';

type Fields = Record<string, unknown>;

/** Changes of single leaves of a document: what lies beside them stays as it is. */
export class Edit {
  private readonly sets = new Map<string, unknown>();
  private readonly unsets = new Set<string>();

  constructor(private readonly document: Document) {}

  /** @throws {Fault} `constraint` where something else lies on the way there */
  set(path: readonly string[], value: unknown): void {
    const at = this.missing(path);
    const head = path.slice(0, at).join('.');
    if (at === path.length) this.sets.set(head, value);
    else {
      const made = this.sets.get(head) ?? container(path[at]!);
      put(made as Fields, path.slice(at), value);
      this.sets.set(head, made);
    }
  }

  /** An element of an array that is emptied keeps its place: it is null. */
  unset(path: readonly string[]): void {
    if (valueAt(this.document, path) === undefined) return;
    if (Array.isArray(valueAt(this.document, path.slice(0, -1)))) this.sets.set(path.join('.'), null);
    else this.unsets.add(path.join('.'));
  }

  /** Undefined: nothing changes. */
  get update(): Document | undefined {
    if (this.sets.size === 0 && this.unsets.size === 0) return undefined;
    return {
      ...(this.sets.size > 0 && { $set: Object.fromEntries(this.sets) }),
      ...(this.unsets.size > 0 && { $unset: Object.fromEntries([...this.unsets].map((path) => [path, ''])) }),
    };
  }

  /** How many steps of a path lead to where there is nothing yet. */
  private missing(path: readonly string[]): number {
    for (let at = 1; at < path.length; at++) {
      const value = valueAt(this.document, path.slice(0, at));
      if (value === null || value === undefined) return at;
      if (!isContainer(value, path[at]!))
        throw new Fault('constraint', 'The source holds something else where this value belongs');
    }
    return path.length;
  }
}

/** A document of the values at some paths. */
export function documentOf(values: Iterable<readonly [readonly string[], unknown]>): Document {
  const made: Fields = {};
  for (const [path, value] of values) put(made, path, value);
  return made;
}

function put(fields: Fields, [step, ...rest]: readonly string[], value: unknown): void {
  if (Array.isArray(fields) && Number(step) > fields.length)
    throw new Fault('constraint', 'A list of the source would have a gap');
  if (rest.length === 0) {
    fields[step!] = value;
    return;
  }
  fields[step!] ??= container(rest[0]!);
  put(fields[step!] as Fields, rest, value);
}

function container(step: string): unknown {
  return /^\d+$/.test(step) ? [] : {};
}

function isContainer(value: unknown, step: string): boolean {
  if (Array.isArray(value)) return /^\d+$/.test(step) && Number(step) <= value.length;
  const marked = '_bsontype' in (value as object) && !Object.hasOwn(value as object, '_bsontype');
  return Object.prototype.toString.call(value) === '[object Object]' && !marked;
}
