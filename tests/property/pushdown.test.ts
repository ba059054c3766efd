import { beforeAll, describe, expect, test } from '@jest/globals';
import { campaign, type Tally } from './campaign.js';
import { lacking, together } from './coverage.js';
import { type Hospital, hospitals } from './hospitals.js';

let all: readonly Hospital[];

beforeAll(async () => {
  all = await hospitals();
}, 60_000);

const seeds = (from: number, count: number) => Array.from({ length: count }, (_, i) => from + i);

const tallies: Tally[] = [];

/** `npm run prove` draws a hundred thousand; these are the same for every run. */
describe.each([
  { form: 'memory', from: 1, dataSets: 40, cases: 80 },
  { form: 'files', from: 5_000, dataSets: 8, cases: 90 },
] as const)('random searches over random data, in $form', ({ form, from, dataSets, cases }) => {
  let tally: Tally;

  test('pushdown on = pushdown off = oracle', async () => {
    tally = await campaign(all, { seeds: seeds(from, dataSets), casesPerDataSet: cases, form });
    expect(tally.differences).toEqual([]);
    expect(tally.cases).toBe(dataSets * cases);
    tallies.push(tally);
  }, 300_000);

  test('most have an answer', () => expect(tally.answered / tally.cases).toBeGreaterThan(0.6));
});

test('every type, modifier, prefix and kind of dirty value occurs', () => {
  // Few of a small sample are illegal, or numbers: those are for the whole proof to meet.
  const rare = /^illegal:|-number|number-/;
  expect(lacking(together(tallies)).filter((tag) => !rare.test(tag))).toEqual([]);
});
