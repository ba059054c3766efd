import type { Expression } from '../../source/expression.js';
import { space } from '../../source/space.js';
import { decimalKeySql } from './decimal-key.js';

/** Years 0001 to 9999, existing months and days (calendar.ts). */
const year = '(?:[1-9]\\d{3}|0[1-9]\\d\\d|00[1-9]\\d|000[1-9])';
const leapYear = '(?:\\d\\d(?:0[48]|[2468][048]|[13579][26])|(?:0[48]|[2468][048]|[13579][26])00)';
const day =
  `(?:${year}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12]\\d|3[01])|(?:0[469]|11)-(?:0[1-9]|[12]\\d|30)|02-(?:0[1-9]|1\\d|2[0-8]))` +
  `|${leapYear}-02-29)`;
const date = `(?:${year}(?:-(?:0[1-9]|1[0-2]))?|${day})`;
const moment = '(?:[01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d(?:\\.\\d{1,9})?(?:Z|\\+00:00)';
const time = '(?:[01]\\d|2[0-3]):[0-5]\\d(?::[0-5]\\d(?:\\.\\d{1,9})?)?(?:Z|[+-]\\d\\d:\\d\\d)?';

/**
 * Characters whose case and accents DuckDB (utf8proc) and ECMAScript (ICU) fold alike in every context. Left out are those that
 * only the newer version of Unicode knows, and the letters of Hangul, which compose.
 */
export const foldedAlike =
  '[\\x{1}-\\x{896}\\x{898}-\\x{10ff}\\x{1200}-\\x{1ace}\\x{1b00}-\\x{1c88}\\x{1c90}-\\x{a7c9}\\x{a7f2}-\\x{a95f}' +
  '\\x{a980}-\\x{d7a3}\\x{e000}-\\x{ffff}\\x{1f000}-\\x{1faff}\\x{20000}-\\x{3ffff}]*';

export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** Writes `value` once and names it, unless it is a column, so that DuckDB computes it once for a row. */
export function named(value: string, name: string, body: (name: string) => string): string {
  if (/^\w+\.\w+$/.test(value)) return body(value);
  return `list_transform([${value}], lambda ${name}: ${body(name)})[1]`;
}

/** A cell as SQL: its text, and for a text that begins with one of `odd` (a regular expression) what it really says. */
export interface CellSql {
  readonly text: string;
  readonly repaired?: { readonly odd: string; readonly sql: string };
}

/** `trim` compares each letter with a list, and a repair reads the document again: they are asked only where there is a need. */
function trimmed({ text, repaired }: CellSql): string {
  const begins = repaired ? `(?:[${space}]|${repaired.odd})` : `[${space}]`;
  return named(text, 't', (t) => {
    const right = repaired
      ? `CASE WHEN regexp_matches(${t}, ${literal(`^(?:${repaired.odd})`)}) THEN ${repaired.sql} ELSE ${t} END`
      : t;
    return `CASE WHEN regexp_matches(${t}, ${literal(`^${begins}|[${space}]$`)}) THEN trim(${right}, ${literal(space)}) ELSE ${t} END`;
  });
}

/** The value of an expression other than `raw`, of a cell; null where evaluate.ts says null. */
export function valueSql(
  { as, part, absent = [] }: Expression,
  cell: CellSql,
  bind: (value: string) => string,
): string {
  const nothing = ["''", ...absent.map(bind)].join(', ');
  const convert = (text: string) => `CASE WHEN ${text} NOT IN (${nothing}) THEN ${conversions[as](text)} END`;
  if (!part) return named(trimmed(cell), 'x', convert);
  const present = (text: string) =>
    `CASE WHEN ${text} NOT IN (${nothing}) THEN string_split(${text}, ${bind(part.separator)}) END`;
  const piece = (pieces: string) =>
    `CASE WHEN len(${pieces}) = ${Math.trunc(part.count)} THEN ${pieces}[${Math.trunc(part.index) + 1}] END`;
  const text = named(named(trimmed(cell), 'x', present), 'p', piece);
  return named(trimmed({ text }), 'y', convert);
}

const conversions: Readonly<Record<Expression['as'], (text: string) => string>> = {
  raw: (text) => text,
  text: (text) => text,
  fold: folded,
  date: (text) => `CASE WHEN regexp_full_match(${text}, ${literal(date)}) THEN ${text} END`,
  dateTime: (text) => `CASE WHEN regexp_full_match(${text}, ${literal(`${date}|${day}[T ]${time}`)}) THEN ${text} END`,
  instant: (text) => `CASE WHEN regexp_full_match(${text}, ${literal(`${day}[T ]${moment}`)}) THEN ${text} END`,
  integer: (text) => `CASE WHEN regexp_full_match(${text}, '[+-]?\\d{1,19}') THEN TRY_CAST(${text} AS BIGINT) END`,
  decimal: decimalKeySql,
  boolean: (text) =>
    `CASE WHEN lower(${text}) IN ('1', 'true', 'yes') THEN true WHEN lower(${text}) IN ('0', 'false', 'no') THEN false END`,
};

/** `fold` of fold.ts; the function `fold` takes what DuckDB's own would fold otherwise. */
function folded(sql: string): string {
  return `CASE WHEN regexp_full_match(${sql}, ${literal(foldedAlike)}) THEN replace(strip_accents(lower(${sql})), 'ς', 'σ') ELSE fold(${sql}) END`;
}
