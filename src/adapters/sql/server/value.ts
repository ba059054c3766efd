import type { Expression } from '../../../source/expression.js';
import type { Column } from './column.js';
import { ordersItself } from './native.js';
import { patterns } from './pattern.js';
import { literal } from './standard-sql.js';
import type { Known, Vendor } from './vendor.js';

/** SQL of an expression's value, as source/evaluate.ts means it; numbers exact, texts by code point. */
export function valueSql(vendor: Vendor, column: Column, of: Expression): string {
  const { kind } = column.live;
  if (of.as === 'raw' && kind === 'single') return converted(vendor, vendor.text(column), { ...of, as: 'decimal' });
  if (of.as === 'raw')
    return kind === 'integer' || kind === 'float' || kind === 'boolean' ? column.sql : vendor.text(column);
  if (ordersItself(column, of)) {
    if (kind === 'boolean') return column.sql;
    const value = kind === 'integer' || kind === 'decimal' ? column.sql : vendor.text(column);
    const proper = vendor.proper(column);
    if (kind !== 'float') return proper === 'TRUE' ? value : `CASE WHEN ${proper} THEN ${value} END`;
  }
  return converted(vendor, textSql(vendor, column, of), of);
}

/** The text that is read as a value: trimmed, one piece of it, null where it says nothing. */
function textSql(vendor: Vendor, column: Column, { part, absent = [] }: Expression): string {
  const cell = vendor.text(column);
  const spaced = column.live.kind === 'text' || column.live.kind === 'opaque';
  const said = (text: string) =>
    absent.length === 0 ? text : `CASE WHEN ${text} IN (${absent.map(literal).join(', ')}) THEN NULL ELSE ${text} END`;
  const whole = said(spaced ? `NULLIF(${vendor.trim(cell)}, '')` : cell);
  if (!part) return whole;
  const separators = `CHAR_LENGTH(${whole}) - CHAR_LENGTH(REPLACE(${whole}, ${literal(part.separator)}, ''))`;
  const wanted = (Math.trunc(part.count) - 1) * [...part.separator].length;
  const piece = vendor.trim(vendor.piece(whole, part.separator, part.index));
  return said(`CASE WHEN ${separators} = ${wanted} THEN NULLIF(${piece}, '') END`);
}

/**
 * Texts whose value the vendor does not know: they may have any. Undefined where it knows all.
 */
export function unknownSql(vendor: Vendor, column: Column, of: Expression): string | undefined {
  const knows = knownOf(vendor, of);
  if (!knows) return undefined;
  if (ordersItself(column, of) && column.live.kind !== 'float') return undefined;
  const text = textSql(vendor, column, of);
  const unknown = `NOT ${knows.text(text)}`;
  return of.as === 'fold' ? unknown : `(${vendor.matches(text, patterns.decimal)} AND ${unknown})`;
}

export function knownOf({ knows }: Vendor, { as }: Expression): Known | undefined {
  return as === 'fold' || as === 'decimal' ? knows[as] : undefined;
}

function converted(vendor: Vendor, text: string, of: Expression): string {
  const { as } = of;
  const knows = knownOf(vendor, of)?.text(text);
  switch (as) {
    case 'fold': {
      const folded = vendor.fold(text);
      return knows === undefined ? folded : `CASE WHEN ${knows} THEN ${folded} END`;
    }
    case 'date':
    case 'dateTime':
    case 'instant':
      return `CASE WHEN ${vendor.matches(text, patterns[as])} THEN ${text} END`;
    case 'integer': {
      const number = `CASE WHEN ${vendor.matches(text, patterns.integer)} THEN ${vendor.number(text)} END`;
      return `CASE WHEN ${number} BETWEEN -9223372036854775808 AND 9223372036854775807 THEN ${number} END`;
    }
    case 'decimal': {
      return `CASE WHEN ${knows ?? vendor.matches(text, patterns.decimal)} THEN ${vendor.number(text)} END`;
    }
    case 'boolean': {
      const word = `LOWER(${text})`;
      return `CASE WHEN ${word} IN ('1', 'true', 'yes') THEN TRUE WHEN ${word} IN ('0', 'false', 'no') THEN FALSE END`;
    }
    default:
      return text;
  }
}
