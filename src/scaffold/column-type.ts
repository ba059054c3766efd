import type { ColumnType } from '../mapping/define.js';
import { evaluator } from '../source/evaluate.js';
import type { Cell } from '../source/row.js';
import { saysNothing } from './absent.js';

/** First match counts: names of types as databases declare them. Text says what it holds only by its values. */
const declaredTypes: readonly (readonly [RegExp, ColumnType | undefined])[] = [
  [/JSON/, 'json'],
  [/CHAR|CLOB|TEXT|ENUM|STRING|UUID/, undefined],
  [/BOOL/, 'boolean'],
  [/INTERVAL/, 'text'],
  [/INT|SERIAL/, 'integer'],
  [/REAL|FLOA|DOUB|NUMERIC|DECIMAL|NUMBER|MONEY/, 'decimal'],
  [/TIMESTAMP|DATETIME/, 'dateTime'],
  [/DATE/, 'date'],
];

/** What a column holds, by its declared type and what was seen in it. A date that is not written as one is text. */
export function columnType(declared: string, values: readonly Cell[]): ColumnType {
  const upper = declared.toUpperCase();
  const type = declaredTypes.find(([pattern]) => pattern.test(upper))?.[1];
  const seen = values.filter((value) => !saysNothing(value));
  if (type === 'date' || type === 'dateTime') return seen.length === 0 ? type : (dated(seen) ?? 'text');
  if (type !== undefined) return type;
  if (seen.length === 0) return 'text';
  if (seen.every((value) => typeof value === 'boolean')) return 'boolean';
  if (seen.every((value) => typeof value === 'bigint' || Number.isInteger(value))) return 'integer';
  if (seen.every((value) => typeof value === 'number' || typeof value === 'bigint')) return 'decimal';
  return dated(seen) ?? 'text';
}

const asDate = evaluator({ column: '', as: 'date' });
const asDateTime = evaluator({ column: '', as: 'dateTime' });

function dated(values: readonly Cell[]): 'date' | 'dateTime' | undefined {
  // A bare number of four digits is no year.
  if (!values.every((value) => typeof value === 'string' && value.includes('-'))) return undefined;
  if (values.every((value) => asDate(value) !== null)) return 'date';
  return values.every((value) => asDateTime(value) !== null) ? 'dateTime' : undefined;
}

const asDecimal = evaluator({ column: '', as: 'decimal' });

/** Is every value that says something a number? False where none does. */
export function isNumeric(values: readonly Cell[]): boolean {
  const seen = values.filter((value) => !saysNothing(value));
  return seen.length > 0 && seen.every((value) => asDecimal(value) !== null);
}
