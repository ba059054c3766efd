import type { Cell } from '../../source/row.js';

/** A value of the driver as far as this knows it: temporals and points are told by their members. */
interface Parts {
  readonly [name: string]: unknown;
}

/**
 * A property as a cell: an Integer as a number, or beyond 2^53 a bigint; a temporal as its text (the name of a zone is left out);
 * a list as a list. What is no value of a cell (a point, bytes, a duration, a Float that is not finite) is handed over as an object, which no
 * expression reads.
 */
export function cellOf(value: unknown): Cell {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value;
    case 'bigint':
      return value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER ? Number(value) : value;
    case 'number':
      return Number.isFinite(value) ? value : { float: String(value) };
    default:
      return value === null || value === undefined ? null : objectCell(value as Parts);
  }
}

function objectCell(value: Parts): Cell {
  if (Array.isArray(value)) return value.map(cellOf);
  if (ArrayBuffer.isView(value)) return { bytes: value.byteLength };
  if ('srid' in value) return { point: Number(value.srid) };
  if ('months' in value) return { duration: String(value) };
  if ('hour' in value || 'year' in value) return temporalText(value);
  return {};
}

function temporalText(value: Parts): string {
  const date = 'year' in value ? `${yearText(Number(value.year))}-${two(value.month)}-${two(value.day)}` : '';
  if (!('hour' in value)) return date;
  const fraction = Number(value.nanosecond);
  const time =
    `${two(value.hour)}:${two(value.minute)}:${two(value.second)}` +
    (fraction === 0 ? '' : `.${String(fraction).padStart(9, '0').replace(/0+$/, '')}`);
  return `${date}${date === '' ? '' : 'T'}${time}${offsetText(value)}`;
}

function offsetText(value: Parts): string {
  if (!('timeZoneOffsetSeconds' in value)) return '';
  const seconds = Number(value.timeZoneOffsetSeconds ?? 0);
  if (seconds === 0) return 'Z';
  const size = Math.abs(seconds);
  const parts = [Math.floor(size / 3600), Math.floor((size % 3600) / 60), ...(size % 60 === 0 ? [] : [size % 60])];
  return `${seconds < 0 ? '-' : '+'}${parts.map(two).join(':')}`;
}

const two = (value: unknown): string => String(Number(value)).padStart(2, '0');

/** Years beyond four digits have a sign. */
function yearText(year: number): string {
  const digits = String(Math.abs(year)).padStart(4, '0');
  return year < 0 ? `-${digits}` : year > 9999 ? `+${digits}` : digits;
}
