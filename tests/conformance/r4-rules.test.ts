import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { root } from '../support/source-tree.js';

interface Rule {
  readonly rule: number;
  readonly covered?: true;
  /** What of a covered rule is left, and for which area. */
  readonly but?: string;
  /** The later area, in one word. */
  readonly 'waits for'?: string;
}

const rules = JSON.parse(readFileSync(new URL('r4-rules.json', import.meta.url), 'utf8')) as readonly Rule[];
const list = join(root, '../shared/conformance/r4-rules.md');

/** The numbers after `rule` in the name of a test or of a case; a test of a table has `$rule` or `%s` there, and the number in its rows. */
function named(text: string): readonly number[] {
  const names = text.matchAll(/["'`](?:[^"'`\n]*?[^\w"'`\n])??rules? (\d+(?:(?:, rule |, | and )\d+)*)/g);
  const rows = [
    ...(text.includes('rule $rule') ? text.matchAll(/\brule: '(\d+)'/g) : []),
    ...(text.includes("'rule %s:") ? text.matchAll(/^\s*\['(\d+)', /gm) : []),
  ];
  return [...names, ...rows].flatMap(([, numbers]) => numbers!.match(/\d+/g)!.map(Number));
}

const shown = new Set(
  ['tests', 'mappings']
    .flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((path) => join(root, folder, path)),
    )
    .filter(
      (path) =>
        /\.(test|contract)\.ts$|-cases\.ts$|tests\/cases\/.*\.json$/.test(path) && !path.endsWith('r4-rules.test.ts'),
    )
    .flatMap((path) => named(readFileSync(path, 'utf8'))),
);

describe('the rules of R4 that servers usually get wrong', () => {
  test('the names of tests are read', () => {
    expect(named("test('rule 29, 32: x')\ntest(`rule 4, rule 5: y`)\n// rule 7")).toEqual([29, 32, 4, 5]);
    expect(named("['85', 'x'],\ntest.each(rows)('rule %s: x')")).toEqual([85]);
  });

  test('each has a place here', () => {
    expect(rules.map(({ rule }) => rule)).toEqual(Array.from({ length: 103 }, (_, i) => i + 1));
  });

  (existsSync(list) ? test : test.skip)('they are the rules of ../shared/conformance/r4-rules.md', () => {
    const numbers = [...readFileSync(list, 'utf8').matchAll(/^(\d+)\. /gm)].map(([, number]) => Number(number));
    expect(numbers).toEqual(rules.map(({ rule }) => rule));
  });

  test('a covered rule has a test that names it, a rule that waits names the area it waits for', () => {
    expect(rules.filter(({ rule, covered }) => covered && !shown.has(rule)).map(({ rule }) => rule)).toEqual([]);
    expect(rules.filter((rule) => !rule.covered && !rule['waits for'])).toEqual([]);
    expect(rules.filter(({ but, 'waits for': area }) => but !== undefined && area === undefined)).toEqual([]);
  });
});
