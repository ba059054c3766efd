/** TypeScript that is to be written: literals, and expressions as they stand. */
export type Code = Raw | string | number | boolean | readonly Code[] | { readonly [name: string]: Code | undefined };

/** An expression, written as it stands. */
export class Raw {
  constructor(readonly text: string) {}
}

const width = 118;

/** The text of a value at an indentation, on one line while it fits. `after` characters stand behind it on its last line. */
export function print(code: Code, indent = '', before = 0): string {
  const line = oneLine(code);
  if (indent.length + before + line.length <= width || !isNested(code)) return line;
  const inner = `${indent}  `;
  if (isList(code)) return `[\n${code.map((one) => `${inner}${print(one, inner)},\n`).join('')}${indent}]`;
  const lines = entries(code).map(
    ([name, value]) => `${inner}${key(name)}: ${print(value, inner, key(name).length + 2)},\n`,
  );
  return `{\n${lines.join('')}${indent}}`;
}

function oneLine(code: Code): string {
  if (code instanceof Raw) return code.text;
  if (!isNested(code)) return literal(code);
  if (isList(code)) return `[${code.map(oneLine).join(', ')}]`;
  const inside = entries(code).map(([name, value]) => `${key(name)}: ${oneLine(value)}`);
  return inside.length === 0 ? '{}' : `{ ${inside.join(', ')} }`;
}

type Nested = readonly Code[] | { readonly [name: string]: Code | undefined };

function isNested(code: Code): code is Nested {
  return typeof code === 'object' && !(code instanceof Raw);
}

function isList(code: Nested): code is readonly Code[] {
  return Array.isArray(code);
}

function entries(code: { readonly [name: string]: Code | undefined }): readonly (readonly [string, Code])[] {
  return Object.entries(code).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]));
}

/** Every character beside plain ASCII is escaped where it could end a line or hide. */
export function literal(value: string | number | boolean): string {
  if (typeof value !== 'string') return String(value);
  const text = JSON.stringify(value)
    .slice(1, -1)
    .replace(/[\u007f-\u009f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, escaped);
  return value.includes("'") ? `"${text}"` : `'${text.replaceAll('\\"', '"')}'`;
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

function key(name: string): string {
  return /^[A-Za-z_$][A-Za-z0-9_$]*$/.test(name) ? name : literal(name);
}

/** Text of a comment: nothing in it ends the comment or the line. */
export function comment(text: string): string {
  return text.replaceAll('*/', '* /').replace(/[\p{Cc}\u2028\u2029]/gu, ' ');
}
