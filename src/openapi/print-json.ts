import type { Json } from './json.js';

/** Columns that a value may take to stand in one line. */
const width = 140;

/** JSON for people who read differences: a value that fits stands in one line, any other one member a line. */
export function printJson(value: Json, indent = ''): string {
  const line = JSON.stringify(value);
  if (typeof value !== 'object' || value === null || indent.length + line.length <= width) return line;
  const inner = `${indent}  `;
  if (Array.isArray(value)) return `[\n${value.map((each) => inner + printJson(each, inner)).join(',\n')}\n${indent}]`;
  const members = Object.entries(value).map(
    ([name, each]) => `${inner}${JSON.stringify(name)}: ${printJson(each, inner)}`,
  );
  return `{\n${members.join(',\n')}\n${indent}}`;
}
