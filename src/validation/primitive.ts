import { dateRange } from '../fhir/date-range.js';
import { Decimal } from '../fhir/decimal.js';
import { primitiveRegexes } from './definitions.js';

/** The primitive types of R4, and the type of JSON that each is written as. */
const jsonTypes: Readonly<Record<string, 'string' | 'boolean' | 'integer' | 'number'>> = {
  base64Binary: 'string',
  boolean: 'boolean',
  canonical: 'string',
  code: 'string',
  date: 'string',
  dateTime: 'string',
  decimal: 'number',
  id: 'string',
  instant: 'string',
  integer: 'integer',
  markdown: 'string',
  oid: 'string',
  positiveInt: 'integer',
  string: 'string',
  time: 'string',
  unsignedInt: 'integer',
  uri: 'string',
  url: 'string',
  uuid: 'string',
  xhtml: 'string',
};
const smallest: Readonly<Record<string, number>> = { integer: -2_147_483_648, positiveInt: 1, unsignedInt: 0 };

export function isPrimitive(type: string): boolean {
  return Object.hasOwn(jsonTypes, type);
}

/**
 * JSON Schema of a value of a primitive type; `title` is the type, for messages. In an array the value may be null, where its
 * sibling says more of it (https://hl7.org/fhir/R4/json.html#primitive).
 */
export function primitiveSchema(type: string, inArray: boolean): object {
  const json = jsonTypes[type]!;
  const orNull = inArray ? { nullable: true } : {};
  if (json === 'number') return { title: type, decimal: inArray ? 'or null' : 'never null' };
  if (json === 'boolean') return { title: type, type: json, ...orNull };
  if (json === 'integer')
    return { title: type, type: json, minimum: smallest[type]!, maximum: 2_147_483_647, ...orNull };
  const pattern = patternOf(type);
  const format = Object.hasOwn(formats, type) ? { format: type } : {};
  // https://hl7.org/fhir/R4/datatypes.html#string: at most 1 MB; https://hl7.org/fhir/R4/json.html: never empty.
  const maxLength = type === 'string' ? { maxLength: 1_048_576 } : {};
  const minLength = pattern === undefined || new RegExp(pattern, 'u').test('') ? { minLength: 1 } : {};
  return { title: type, type: json, ...minLength, ...maxLength, ...(pattern && { pattern }), ...format, ...orNull };
}

/** HL7 writes them for XML Schema, whose white space is that of ASCII; base64Binary's takes exponential time. */
function patternOf(type: string): string | undefined {
  const regex = primitiveRegexes()[type];
  if (regex === undefined || type === 'base64Binary') return undefined;
  const ascii = regex
    .replaceAll('[^\\s]', '[^ \\t\\n\\v\\f\\r]')
    .replaceAll('[ \\r\\n\\t\\S]', '[^\\v\\f]')
    .replaceAll('\\S', '[^ \\t\\n\\v\\f\\r]')
    .replaceAll('\\s', '[ \\t\\n\\v\\f\\r]');
  return `^(?:${ascii})$`;
}

const base64 = /^[0-9a-zA-Z+/]*={0,2}$/;

/** What the regex of a type does not say. */
export const formats: Readonly<Record<string, (text: string) => boolean>> = {
  date: isDay,
  dateTime: isDay,
  instant: isDay,
  base64Binary: (text) => {
    const digits = text.replace(/[ \t\n\v\f\r]+/g, '');
    return digits !== '' && digits.length % 4 === 0 && base64.test(digits);
  },
};

/** Is the day one of the calendar? */
function isDay(text: string): boolean {
  return text.length < 10 || dateRange(text.slice(0, 10)) !== undefined;
}

/** Is it a decimal, as JSON.parse or the exact reader of JSON gives it? */
export function isDecimal(value: unknown): boolean {
  return typeof value === 'number' || value instanceof Decimal;
}
