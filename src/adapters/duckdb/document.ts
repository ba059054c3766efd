import { parseExact } from '../../source/exact-json.js';
import type { Cell, Json } from '../../source/row.js';
import { decimalKey } from './decimal-key.js';

/** A document with every number kept: a double that prints as it was written is a number, any other its text; integers beyond 2^53 are bigint. */
export function parseDocument(text: string): unknown {
  return parseExact(text, exactNumber);
}

/** The cell at a path of a document: null where there is nothing. */
export function cellAt(document: unknown, path: readonly string[]): Cell {
  let value = document;
  for (const step of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return null;
    if (Array.isArray(value) && !/^\d+$/.test(step)) return null;
    value = (value as Record<string, unknown>)[step];
  }
  return typeof value === 'object' && value !== null ? (plain(value) as Json) : (value as Cell);
}

/** Inside a nested value an integer beyond 2^53 is its text, so that it stays JSON. */
function plain(value: unknown): unknown {
  if (typeof value === 'bigint') return String(value);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(plain);
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, plain(inner)]));
}

function exactNumber(text: string): number | bigint | string {
  const value = Number(text);
  if (/^-?\d+$/.test(text)) return Number.isSafeInteger(value) ? value : BigInt(text);
  return String(value) === text ? value : text;
}

/** A scalar as a text that is equal, and comes before another, exactly as the cell does as `raw`; null for null and nested values. */
export function rawKey(cell: Cell): string | null {
  if (cell === null || typeof cell === 'object') return null;
  if (typeof cell === 'string') return `s${cell}`;
  return typeof cell === 'boolean' ? `b${cell}` : `n${decimalKey(String(cell))}`;
}
