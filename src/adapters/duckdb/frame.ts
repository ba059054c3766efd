import { Fault } from '../../errors/fault.js';
import type { Expression } from '../../source/expression.js';
import type { Relation } from '../../source/relation.js';
import { integerKeySql } from './decimal-key.js';
import { type CellSql, literal, named, valueSql } from './expression-sql.js';
import type { OpenFile } from './schema.js';

export type Bind = (value: string | number | bigint | boolean) => string;

/** One relation in a FROM clause: its alias, and how its columns are written. A relation without a file has one column of text, `v`. */
export interface Frame {
  readonly relation: Relation;
  readonly alias: string;
  readonly file?: OpenFile;
}

/** Where a column lies: a CSV column of text, or a place in a document. */
export function place(frame: Frame, name: string): { readonly column: string } | { readonly path: readonly string[] } {
  const { relation, alias, file } = frame;
  const column = relation.columns[name];
  if (!column) throw missing(relation, name);
  if (!file) return { column: `${alias}.v` };
  if (file.kind === 'json') return { path: column.path };
  const index = column.path.length === 1 ? file.header.indexOf(column.path[0]!) : -1;
  if (index < 0) throw missing(relation, column.path.join('.'));
  return { column: `${alias}.c${index}` };
}

function missing(relation: Relation, column: string): Fault {
  return new Fault('source-schema', `Column ${column} of table ${relation.name} does not exist`);
}

/** RFC 6901. */
function pointer(path: readonly string[]): string {
  return literal(path.map((step) => `/${step.replaceAll('~', '~0').replaceAll('/', '~1')}`).join(''));
}

/** An expression as SQL that compares and orders as its value does. */
export function expressionSql(frame: Frame, expression: Expression, bind: Bind): string {
  const at = place(frame, expression.column);
  if ('column' in at) return expression.as === 'raw' ? at.column : valueSql(expression, { text: at.column }, bind);
  const json = `${frame.alias}.json`;
  const path = pointer(at.path);
  if (expression.as === 'raw') return rawKeySql(json, path);
  return valueSql(expression, documentCell(json, path, expression), bind);
}

/** Is the raw value of its columns written with the kind before it (rawKeySql)? */
export function isTagged(frame: Frame): boolean {
  return frame.file?.kind === 'json';
}

/** The raw value of a column as a text that is equal exactly when two cells are; null equals nothing. */
export function joinSql(frame: Frame, name: string, tagged: boolean): string {
  const at = place(frame, name);
  if ('column' in at) return tagged ? `'s' || ${at.column}` : at.column;
  return rawKeySql(`${frame.alias}.json`, pointer(at.path));
}

/** A column of text as it is handed over: the driver drops a byte order mark that a text begins with, so such a text gets one more. */
export function outputSql({ file }: Frame, column: string): string {
  if (file && !file.marks) return column;
  return `CASE WHEN starts_with(${column}, '\ufeff') THEN '\ufeff' || ${column} ELSE ${column} END`;
}

/** The JSON text of a place, for a quick comparison with a text that cannot be a number. */
export function quickText(frame: Frame, name: string): string | undefined {
  const at = place(frame, name);
  return 'path' in at ? `CAST(json_extract(${frame.alias}.json, ${pointer(at.path)}) AS VARCHAR)` : undefined;
}

/**
 * The cell at a place of a document. DuckDB prints nested values, and rewrites doubles; that matters but where neither can be a
 * value, or where only the value counts, which it rewrites only when it has an exponent or more digits than a double.
 */
function documentCell(json: string, path: string, { as, part, absent = [] }: Expression): CellSql {
  const text = `json_extract_string(${json}, ${path})`;
  const never = as === 'date' || as === 'dateTime' || as === 'instant' || as === 'integer' || as === 'boolean';
  if (never && !part && absent.length === 0) return { text };
  const byValue = as === 'decimal' && !part && !absent.some((nothing) => /\d[.eE]/.test(nothing));
  const odd = byValue ? '-?\\d.*[eE]|-?\\d.{14}' : '[{\\[]|-?\\d+[.eE]|-?\\d{16}';
  return { text, repaired: { odd, sql: `json_text(${json}, ${path})` } };
}

/** `raw` of a document, its kind first: `b` booleans, then `n` numbers by value, then `s` text (rawKey in document.ts). */
function rawKeySql(json: string, path: string): string {
  return named(
    `CAST(json_extract(${json}, ${path}) AS VARCHAR)`,
    'v',
    (value) =>
      `CASE WHEN starts_with(${value}, '"') THEN 's' || json_extract_string(${value}, '$') ` +
      `WHEN regexp_full_match(${value}, '-?\\d{1,15}') THEN 'n' || ${integerKeySql(value)} ` +
      `WHEN left(${value}, 1) NOT IN ('n', '{', '[') THEN json_key(${json}, ${path}) END`,
  );
}
