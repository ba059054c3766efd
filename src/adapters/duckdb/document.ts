import type { Cell, Json } from '../../source/row.js';
import { decimalKey } from './decimal-key.js';

/**
 * A number that JSON.parse may change: more digits than a double holds, an exponent, or zeros at the end of the fraction.
 * It may also match within a text, which then only takes the slower way.
 */
const oddNumber = /[:,[\s]-?(?:\d+(?:\.\d+)?[eE]|\d[\d.]{15}|\d+\.\d*0(?!\d)|\d+\.\d{7})/;

/** A document with every number kept: a double that prints as it was written is a number, any other its text; integers beyond 2^53 are bigint. */
export function parseDocument(text: string): unknown {
  return oddNumber.test(text) ? new ExactParser(text).parse() : JSON.parse(text);
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

const token = /\s*(?:([{}[\],:])|("(?:[^"\\]|\\.)*")|(-?\d[\d.eE+-]*)|(true|false|null))/y;

/** JSON (RFC 8259) of a text that the database has already checked. */
class ExactParser {
  private at = 0;

  constructor(private readonly text: string) {}

  parse(): unknown {
    return this.value(this.next());
  }

  private next(): RegExpExecArray {
    token.lastIndex = this.at;
    const match = token.exec(this.text);
    if (!match) throw new SyntaxError(`not JSON at ${this.at}`);
    this.at = token.lastIndex;
    return match;
  }

  private value([, mark, string, number, word]: RegExpExecArray): unknown {
    if (string !== undefined) return JSON.parse(string);
    if (number !== undefined) return exactNumber(number);
    if (word !== undefined) return JSON.parse(word);
    return mark === '{' ? this.object() : this.array();
  }

  private object(): unknown {
    const entries: [string, unknown][] = [];
    let match = this.next();
    while (match[1] !== '}') {
      if (match[1] === ',') match = this.next();
      this.next();
      entries.push([JSON.parse(match[2]!) as string, this.value(this.next())]);
      match = this.next();
    }
    return Object.fromEntries(entries);
  }

  private array(): unknown {
    const values: unknown[] = [];
    let match = this.next();
    while (match[1] !== ']') {
      if (match[1] === ',') match = this.next();
      values.push(this.value(match));
      match = this.next();
    }
    return values;
  }
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
