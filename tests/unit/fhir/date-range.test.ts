import { execFileSync } from 'node:child_process';
import { describe, expect, test } from '@jest/globals';
import { dateRange, instantRange, periodRange, timingRange } from '#src/fhir/date-range.js';
import { readCases } from '../../support/search-cases.js';

interface Table {
  readonly ranges: readonly { readonly text: string; readonly low: string; readonly high: string }[];
  readonly invalid: readonly string[];
}

const { ranges, invalid } = readCases<Table>('date-ranges');
const inMilliseconds = ranges.map(({ low, high }) => ({ low: Date.parse(low), high: Date.parse(high) }));

test.each(ranges)('rule 1: $text is [$low, $high)', ({ text, low, high }) => {
  expect(dateRange(text)).toEqual({ low: Date.parse(low), high: Date.parse(high) });
});

test.each(invalid)('rule 13: "%s" is no date', (text) => {
  expect(dateRange(text)).toBeUndefined();
});

describe.each(['America/New_York', 'Asia/Kathmandu', 'Pacific/Kiritimati'])(
  "rule 3: the process's zone %s does not matter",
  (TZ) => {
    test('the table is the same', () => {
      const script = `
      import { dateRange } from '#src/fhir/date-range.js';
      const offset = new Date(2024, 0, 1).getTimezoneOffset();
      console.log(JSON.stringify({ offset, ranges: ${JSON.stringify(ranges.map(({ text }) => text))}.map(dateRange) }));`;
      const output = execFileSync(process.execPath, ['--input-type=module', '--eval', script], {
        cwd: new URL('../../..', import.meta.url),
        env: { ...process.env, TZ, NODE_OPTIONS: '' },
        encoding: 'utf8',
      });
      const found = JSON.parse(output) as { offset: number; ranges: unknown };
      expect(found.offset).not.toBe(0);
      expect(found.ranges).toEqual(inMilliseconds);
    });
  },
);

test('rule 1: an instant is one millisecond, however it is written', () => {
  const low = Date.parse('2013-01-14T10:00:00Z');
  expect(instantRange('2013-01-14T10:00:00Z')).toEqual({ low, high: low + 1 });
  expect(instantRange('2013-01-14T10:00:00.000+00:00')).toEqual({ low, high: low + 1 });
});

test('rule 7: a Period is open where it has no date, and nothing when it has none', () => {
  expect(periodRange({ start: '2013' })).toEqual({ low: Date.UTC(2013, 0), high: Number.POSITIVE_INFINITY });
  expect(periodRange({ end: '2013' })).toEqual({ low: Number.NEGATIVE_INFINITY, high: Date.UTC(2014, 0) });
  expect(periodRange({})).toBeUndefined();
  expect(periodRange({ start: '2013-13' })).toBeUndefined();
  expect(periodRange({ start: '2013', end: 'soon' })).toBeUndefined();
});

test('rule 7: a Timing reaches from its first to its last event or bound', () => {
  expect(timingRange({ event: ['2013-03-24', '2013-01-31'] })).toEqual({
    low: Date.UTC(2013, 0, 31),
    high: Date.UTC(2013, 2, 25),
  });
  expect(timingRange({ event: ['2013-03'], repeat: { boundsPeriod: { end: '2013-02' } } })).toEqual({
    low: Number.NEGATIVE_INFINITY,
    high: Date.UTC(2013, 3),
  });
  expect(timingRange({ repeat: { frequency: 1 } })).toBeUndefined();
});
