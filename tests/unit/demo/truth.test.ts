import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type DemoData, demoData, type TruthLine } from '../../support/demo-data.js';

describe('the truth about who is who', () => {
  let data: DemoData;
  let people: TruthLine[][];
  beforeAll(async () => {
    data = await demoData(7, 2_500);
    const records = new Map<number, TruthLine[]>();
    for (const line of data.truth) records.set(line.person, [...(records.get(line.person) ?? []), line]);
    people = [...records.values()];
  });
  afterAll(() => rmSync(data.folder, { recursive: true }));

  test('names every stored patient once, by the id of the resource', () => {
    const stored = (['a', 'b', 'c', 'd'] as const).flatMap((name) =>
      data[name].patients.map((row) => `his-${name}.${row.patient_id}`),
    );
    expect(data.truth.map((line) => line.id)).toEqual(stored);
    expect(new Set(stored).size).toBe(2_500);
  });

  test('some people are in two, three and four hospitals, never twice in one', () => {
    const counts = people.map((records) => new Set(records.map((line) => line.id.slice(0, 5))).size);
    expect(new Set(counts)).toEqual(new Set([1, 2, 3, 4]));
    expect(counts).toEqual(people.map((records) => records.length));
  });

  test('the records of one human share the true birth date', () => {
    for (const records of people) expect(new Set(records.map((line) => line.birthDate)).size).toBe(1);
  });

  test('a stored birth date differs from the true one exactly where the truth says why', () => {
    const dobs = new Map<string, unknown>(
      (['a', 'b', 'c', 'd'] as const).flatMap((name) =>
        data[name].patients.map((row) => [`his-${name}.${row.patient_id}`, row.dob] as const),
      ),
    );
    const reasons: readonly [fault: string, dob: (date: string) => RegExp][] = [
      ['birth-date-missing', () => /^null$/],
      ['birth-date-zero', () => /^0000-00-00$/],
      ['birth-date-partial', (date) => new RegExp(`^(${date.slice(0, 4)}|${date.slice(0, 7)})$`)],
      ['day-month-swapped', (date) => new RegExp(`^${date.replace(/-(\d\d)-(\d\d)$/, '-$2-$1')}$`)],
    ];
    const seen = new Set<string>();
    for (const { id, birthDate, faults } of data.truth) {
      const reason = reasons.find(([fault]) => faults.includes(fault));
      expect(String(dobs.get(id))).toMatch(reason ? reason[1](birthDate) : new RegExp(`^${birthDate}$`));
      if (reason) seen.add(reason[0]);
    }
    expect(seen.size).toBe(reasons.length);
  });

  test('no slip is told of an address that his-c does not keep', () => {
    const told = new Set(data.truth.filter(({ id }) => id.startsWith('his-c')).flatMap(({ faults }) => faults));
    expect(told).not.toContain('moved');
    expect(told).not.toContain('state-of-another-country');
    expect(told).toContain('family-name-first');
  });

  test('every kind of slip befalls somebody whom another hospital knows', () => {
    const befallen = new Set(people.filter((records) => records.length > 1).flatMap((r) => r.flatMap((l) => l.faults)));
    expect([...befallen].sort()).toEqual([
      'accents-lost',
      'birth-date-missing',
      'birth-date-partial',
      'birth-date-zero',
      'day-month-swapped',
      'email-missing',
      'family-name-first',
      'family-name-typo',
      'given-name-typo',
      'insurance-other',
      'moved',
      'names-swapped',
      'phone-missing',
      'space-around-name',
      'state-of-another-country',
    ]);
  });

  test('names differ from those of the same human in his-a exactly where the truth says so', () => {
    const a = new Map(data.a.patients.map((row) => [`his-a.${row.patient_id}`, `${row.first_name} ${row.last_name}`]));
    const d = new Map(data.d.patients.map((row) => [`his-d.${row.patient_id}`, row.name]));
    const slips = (line: TruthLine) => line.faults.some((fault) => /name|accents/.test(fault));
    let agreeing = 0;
    let differing = 0;
    for (const records of people) {
      const inA = records.find((line) => a.has(line.id));
      const inD = records.find((line) => d.has(line.id));
      if (!inA || !inD || slips(inA)) continue;
      const same = a.get(inA.id) === d.get(inD.id);
      expect(same).toBe(!slips(inD));
      if (same) agreeing++;
      else differing++;
    }
    expect(agreeing).toBeGreaterThan(10);
    expect(differing).toBeGreaterThan(10);
  });
});

test.each([1_000, 20_000])('the twenty eldest of %d patients are five of each hospital', async (patients) => {
  const data = await demoData(1, patients);
  const dated = (['a', 'b', 'c', 'd'] as const).flatMap((name) =>
    data[name].patients.flatMap((row) =>
      typeof row.dob === 'string' && row.dob >= '1' ? [{ name, dob: row.dob }] : [],
    ),
  );
  const page = dated.sort((x, y) => (x.dob < y.dob ? -1 : 1)).slice(0, 20);
  expect(page.map((row) => row.name).join('')).toBe('abcd'.repeat(5));
  expect(new Set(page.map((row) => row.dob)).size).toBe(20);
  rmSync(data.folder, { recursive: true });
});
