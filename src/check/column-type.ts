import type { ExpressionType } from '../source/expression.js';

type Declared = 'text' | 'integer' | 'decimal' | 'boolean' | 'date' | 'dateTime' | 'json' | 'unknown';

/** First match counts: names of types as SQL databases declare them. */
const names: readonly (readonly [RegExp, Declared])[] = [
  [/JSON/, 'json'],
  [/CHAR|CLOB|TEXT|ENUM|STRING/, 'text'],
  [/BOOL/, 'boolean'],
  [/INT|SERIAL/, 'integer'],
  [/REAL|FLOA|DOUB|NUMERIC|DECIMAL|NUMBER|MONEY/, 'decimal'],
  [/TIMESTAMP|DATETIME/, 'dateTime'],
  [/DATE/, 'date'],
];

/** Declared types whose values can not, or only by chance, be read as that. A text may hold anything. */
const apart: Readonly<Record<Exclude<ExpressionType, 'raw'> | 'integer key' | 'text key', readonly Declared[]>> = {
  text: ['json'],
  fold: ['json'],
  date: ['integer', 'decimal', 'boolean', 'json'],
  dateTime: ['integer', 'decimal', 'boolean', 'json'],
  instant: ['integer', 'decimal', 'boolean', 'json'],
  integer: ['decimal', 'date', 'dateTime', 'json'],
  decimal: ['boolean', 'date', 'dateTime', 'json'],
  boolean: ['decimal', 'date', 'dateTime', 'json'],
  'integer key': ['text', 'boolean', 'date', 'dateTime', 'json'],
  'text key': ['integer', 'decimal', 'boolean', 'json'],
};

/** Is a column, declared so, hardly what a mapping reads it as? Unknown types agree with everything. */
export function disagrees(as: keyof typeof apart | 'raw', declared: string): boolean {
  if (as === 'raw') return false;
  const upper = declared.toUpperCase();
  const kind = names.find(([pattern]) => pattern.test(upper))?.[1] ?? 'unknown';
  return apart[as].includes(kind);
}
