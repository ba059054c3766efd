import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { root } from '../support/source-tree.js';

interface Covered {
  /** A test file, relative to this folder, and how the name of a test or a group of it begins. */
  readonly tests?: readonly (readonly [file: string, name: string])[];
  /** What of it is left, and for which area. */
  readonly but?: string;
  /** The later area, in one word. */
  readonly 'waits for'?: string;
}

const listed = JSON.parse(readFileSync(new URL('feature-rows.json', import.meta.url), 'utf8')) as {
  /** Capabilities of the systems that are replaced: A registry, images and reports; C record and billing; E monitoring. */
  readonly rows: readonly (Covered & { readonly row: string })[];
  /** What those systems got wrong. */
  readonly defects: readonly (Covered & { readonly defect: string })[];
  /** The faults of their data. */
  readonly shapes: readonly (Covered & { readonly fault: string })[];
};
const areas = new Set([
  '$everything',
  'analytics',
  'chains',
  'decisions',
  'jobs',
  'partitions',
  'replicas',
  'roles',
  'screens',
  'subscriptions',
  'terminology',
  'versions',
  'writes',
]);
const list = join(root, '../shared/seeds/features.md');
const seeds = existsSync(list) ? readFileSync(list, 'utf8') : '';
const whereListed = seeds === '' ? test.skip : test;

/** Does a string of the file begin so, as the name of a test does? */
function names(text: string, name: string): boolean {
  return ["'", '"', '`'].some(
    (quote) => new RegExp(`\\((?:\\s|\\n)*${quote}`).test(text) && text.includes(quote + name),
  );
}

describe('what the systems that are replaced can do', () => {
  const every: readonly Covered[] = [...listed.rows, ...listed.defects, ...listed.shapes];

  test('the name of a test is found, and no other', () => {
    expect(names("test('A1: each one', () => {})", 'A1: each')).toBe(true);
    expect(names('// A1: each one', 'A1: each')).toBe(false);
  });

  test('each has a test of that name, or waits for an area', () => {
    const missing = every.flatMap(({ tests = [] }) =>
      tests.filter(([file, name]) => !names(readFileSync(new URL(file, import.meta.url), 'utf8'), name)),
    );
    expect(missing).toEqual([]);
    expect(every.filter((one) => !one.tests && !one['waits for'])).toEqual([]);
    expect(every.filter((one) => (one.but !== undefined) !== (one.tests !== undefined && 'waits for' in one))).toEqual(
      [],
    );
    expect(every.flatMap((one) => one['waits for'] ?? []).filter((area) => !areas.has(area))).toEqual([]);
  });

  whereListed('they are the rows A, C and E of ../shared/seeds/features.md', () => {
    const rows = [...seeds.matchAll(/^\| ([ACE]\d+) \|/gm)].map(([, row]) => row);
    expect(rows.length).toBe(48);
    expect(listed.rows.map(({ row }) => row)).toEqual(rows);
  });

  whereListed('the defects are those that it lists', () => {
    const line = seeds.split(/^### Seed defects.*$/m)[1]!.trim();
    expect(listed.defects.map(({ defect }) => defect)).toEqual(line.replace(/\.$/, '').split(' · '));
  });
});
