import type { Expression } from '../../source/expression.js';
import { numberOfText } from './number.js';
import { patterns } from './patterns.js';

/** Cypher of what a property's cell is read as (source/evaluate.ts). A property may hold a value of any type. */

type Bind = (value: unknown) => string;

const temporals = ['DATE', 'LOCAL DATETIME', 'ZONED DATETIME', 'LOCAL TIME', 'ZONED TIME'];

export const isString = (p: string): string => `${p} IS :: STRING NOT NULL`;
export const isInteger = (p: string): string => `${p} IS :: INTEGER NOT NULL`;
export const isBoolean = (p: string): string => `${p} IS :: BOOLEAN NOT NULL`;
export const isTemporal = (p: string): string => `${p} IS :: ${temporals.map((one) => `${one} NOT NULL`).join(' | ')}`;
/** A finite Float: what is not a number, or no finite one, is no value. */
export const isFloat = (p: string): string =>
  `(${p} IS :: FLOAT NOT NULL AND ${p} >= ${-maximum} AND ${p} <= ${maximum})`;

const maximum = 1.7976931348623157e308;
const exactBelow = 2 ** 53;

/** The text of a temporal, without the name of its zone. */
export const temporalText = (p: string): string => `split(toString(${p}), '[')[0]`;

/** The trimmed text of a cell; null of a Float that is not whole, or beyond 2^53: its text is not that of Cypher. */
const cellText = (p: string): string =>
  `CASE WHEN ${isString(p)} THEN btrim(${p}, $space) WHEN ${isInteger(p)} OR ${isBoolean(p)} THEN toString(${p}) ` +
  `WHEN ${isTemporal(p)} THEN ${temporalText(p)} ` +
  `WHEN ${isFloat(p)} AND abs(${p}) < ${exactBelow}.0 AND toFloat(toInteger(${p})) = ${p} THEN toString(toInteger(${p})) END`;

/** A text that says something, named `x` for a condition on it. */
function said({ absent = [] }: Expression, bind: Bind): string {
  return absent.length === 0 ? `x <> ''` : `x <> '' AND NOT x IN ${bind(absent)}`;
}

/** Is there a value whose text satisfies a condition on `x`? Not for a Float that is not whole. */
export function textHolds(p: string, of: Expression, condition: string | undefined, bind: Bind): string {
  const shape = shapeOf(of);
  const conditions = [said(of, bind), ...(shape ? [shape] : []), ...(condition === undefined ? [] : [condition])];
  return `any(x IN [${cellText(p)}] WHERE ${conditions.join(' AND ')})`;
}

/** A Float that `absent` names is nothing. */
export function floatHolds(p: string, { absent = [] }: Expression, condition: string | undefined, bind: Bind): string {
  const nothing = absent.flatMap((text) => numberOfText(text) ?? []);
  const conditions = [isFloat(p), ...(condition === undefined ? [] : [condition])];
  if (nothing.length > 0) conditions.push(`NOT ${p} IN ${bind(nothing)}`);
  return `(${conditions.join(' AND ')})`;
}

function shapeOf({ as }: Expression): string | undefined {
  switch (as) {
    case 'date':
    case 'dateTime':
    case 'instant':
    case 'integer':
    case 'decimal':
      return `x =~ '${patterns[as]}'`;
    case 'boolean':
      return `toLower(x) IN ['1', 'true', 'yes', '0', 'false', 'no']`;
    default:
      return undefined;
  }
}

/** A value that Cypher puts in order as source/compare.ts does; only of `date`, `dateTime`, `instant` and `boolean`. */
export function orderedValue(p: string, of: Expression, bind: Bind): string {
  const value = of.as === 'boolean' ? ` | toLower(x) IN ['1', 'true', 'yes']` : '';
  return `head([x IN [${cellText(p)}] WHERE ${said(of, bind)} AND ${shapeOf(of)}${value}])`;
}

/** Of `raw`: booleans before numbers before texts; null of what is no value. */
export const rawRank = (p: string): string =>
  `CASE WHEN ${isBoolean(p)} THEN 0 WHEN ${isInteger(p)} OR ${isFloat(p)} THEN 1 WHEN ${isString(p)} OR ${isTemporal(p)} THEN 2 END`;

/** Of `raw`, within one rank. */
export const rawValue = (p: string): string => `CASE WHEN ${isTemporal(p)} THEN ${temporalText(p)} ELSE ${p} END`;
