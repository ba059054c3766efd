import type { Cell } from '../../../source/row.js';
import type { ServerColumn } from './column.js';

export type ReadCell = (text: string | null) => Cell;

/** Reads a cell's text as what its column holds. Exact numbers and times stay text: they never pass a float or a Date. */
export function cellReader({ kind }: ServerColumn): ReadCell {
  switch (kind) {
    case 'integer':
      return (text) => (text === null ? null : whole(text));
    case 'float':
    case 'single':
      return (text) => (text === null ? null : Number(text));
    case 'boolean':
      return (text) => (text === null ? null : text === 'true');
    default:
      return (text) => text;
  }
}

function whole(text: string): number | bigint {
  const number = Number(text);
  return Number.isSafeInteger(number) ? number : BigInt(text);
}
