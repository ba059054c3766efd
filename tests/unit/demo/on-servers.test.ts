import { describe, expect, test } from '@jest/globals';
import { generate as generateCareGraph } from '#demo/care-graph/generate.js';
import { generate as generateEhrBilling } from '#demo/ehr-billing/generate.js';
import type { Tables } from '#demo/load/tables.js';
import { generate as generateRegistry } from '#demo/registry/generate.js';
import type { Commission } from '#demo/server-source.js';
import { serverSources } from '#demo/servers.js';

type Row = Record<string, string | number | null>;

const words = (text: string) => text.trim().split(/\s+/);
const silent = () => undefined;
const commission = (seed = 1, patients = 2_000): Commission => ({ seed, patients, served: silent });
/** A source's content with its streams read to the end; whole numbers beyond doubles as text. */
const contentOf = (source: string, seed: number) => {
  const told: unknown[] = [];
  const served: Commission['served'] = (type, key) => told.push([type, key]);
  const content = serverSources[source]!.generate({ seed, patients: 300, served });
  return JSON.stringify([content, told], (_, value) =>
    typeof value === 'bigint'
      ? `${value}`
      : typeof value === 'object' && value !== null && Symbol.iterator in value
        ? [...(value as Iterable<unknown>)]
        : value,
  );
};
const tableOf = ({ tables }: Tables, name: string): Row[] => {
  const { columns, rows } = tables.find((table) => table.name === name)!;
  return [...rows].map((row) => Object.fromEntries(columns.map((column, i) => [column, row[i]!])));
};

test.each(Object.keys(serverSources))(
  '%s: the same seed gives the same rows and truth, another seed others',
  (source) => {
    const one = contentOf(source, 5);
    expect(one.length).toBeGreaterThan(1_000);
    expect(contentOf(source, 5)).toBe(one);
    expect(contentOf(source, 6)).not.toBe(one);
  },
);

describe('registry', () => {
  const content = generateRegistry(commission());
  const patients = tableOf(content, 'patient_registry');

  test('has exactly its columns, and a change table without a key', () => {
    expect(Object.keys(patients[0]!)).toEqual(
      words('id first_name last_name dob gender contact_number email_id emergency_contact severity'),
    );
    const changes = content.tables.find(({ name }) => name === 'patient_changes')!;
    expect(changes.columns).toEqual(['change_type', 'new_data', 'old_data']);
    expect(changes.create.join()).not.toMatch(/KEY|UNIQUE/);
  });

  test('a change holds rows as JSON text: after an insert the new one, of an update both', () => {
    const changes = tableOf(generateRegistry(commission()), 'patient_changes');
    expect(new Set(changes.map(({ change_type }) => change_type))).toEqual(new Set(['INSERT', 'UPDATE']));
    for (const { change_type, new_data, old_data } of changes) {
      expect(patients).toContainEqual(JSON.parse(new_data as string));
      expect(old_data === null).toBe(change_type === 'INSERT');
      if (old_data !== null) expect(Object.keys(JSON.parse(old_data as string))).toEqual(Object.keys(patients[0]!));
    }
  });

  test('numbers run from 1 on; what a clerk does is done here too', () => {
    expect(patients.map(({ id }) => id)).toEqual(patients.map((_, i) => i + 1));
    const has = (holds: (row: Row) => boolean) => expect(patients.some(holds)).toBe(true);
    has(({ dob }) => dob === '0000-00-00');
    has(({ dob }) => dob === null);
    has(({ contact_number }) => contact_number === 'N/A');
    has(({ email_id }) => email_id === ' ');
    has(({ first_name }) => String(first_name).startsWith(' '));
    has(({ severity }) => severity === null);
    for (const text of ['severe', 'Severe', 'mild severe', 'HEALTHY', 'critical'])
      has(({ severity }) => severity === text);
    expect(patients.filter(({ contact_number }) => /^0\d{10}$/.test(String(contact_number))).length).toBeGreaterThan(
      700,
    );
  });

  test('two people of one name are two rows', () => {
    const names = patients.map(({ first_name, last_name }) => `${first_name} ${last_name}`);
    expect(new Set(names).size).toBeLessThan(names.length);
  });
});

describe('ehr-billing', () => {
  const content = generateEhrBilling(commission());
  const admissions = tableOf(content, 'admissions');
  const bills = tableOf(content, 'billing');

  test('has exactly its columns; admissions lie in ranges of dates that leave out none', () => {
    const columns = 'patient_id admission_id admission_date discharge_date reason treatment hospital_department';
    expect(Object.keys(admissions[0]!)).toEqual(words(columns));
    expect(Object.keys(bills[0]!)).toEqual(
      words('patient_id bill_id admission_id total_amount paid_amount balance_amount payment_status payment_date'),
    );
    const { create } = content.tables[0]!;
    expect(create[0]).toMatch(/PARTITION BY RANGE \(admission_date\)$/);
    const ranges = create
      .slice(1)
      .map((part) => /FROM \('(.*)'\) TO \('(.*)'\)/.exec(part)!.slice(1) as [string, string]);
    for (const { admission_date: date } of admissions)
      expect(ranges.filter(([from, to]) => from <= String(date) && String(date) < to)).toHaveLength(1);
  });

  test('the copy that is not partitioned holds the same rows', () => {
    expect(tableOf(content, 'admissions_non_partitioned')).toEqual(admissions);
  });

  test('keys are unique; some stays have not ended, none ends before it begins', () => {
    for (const keys of [admissions.map((row) => row.admission_id), bills.map((row) => row.bill_id)])
      expect(new Set(keys).size).toBe(keys.length);
    expect(admissions.some(({ discharge_date: end }) => end === null)).toBe(true);
    expect(admissions.filter(({ admission_date: from, discharge_date: to }) => to !== null && to! < from!)).toEqual([]);
  });

  test('C4, C6: bills of no admission, balances that are not what is left to pay, a status that nobody explains', () => {
    const known = new Set(admissions.map((row) => row.admission_id));
    const share = (holds: (row: Row) => boolean) => bills.filter(holds).length / bills.length;
    for (const faulty of [
      share(({ admission_id }) => !known.has(admission_id!)),
      share((row) => Math.abs(Number(row.total_amount) - Number(row.paid_amount) - Number(row.balance_amount)) > 0.005),
      share(({ payment_status: status }) => status === null || status === 'Written off'),
    ]) {
      expect(faulty).toBeGreaterThan(0);
      expect(faulty).toBeLessThan(0.1);
    }
    expect(bills.filter(({ total_amount: total }) => !/^\d+\.\d\d$/.test(String(total)))).toEqual([]);
  });
});

describe('care-graph', () => {
  const { labels, prepare, steps, finish } = generateCareGraph(commission());
  const [doctors, patients, treats] = steps.map(({ rows }) => [...rows]);

  test('is merged by name, with one index of its own', () => {
    expect(labels).toEqual(['Doctor', 'Patient']);
    expect(steps.every(({ statement }) => /\bMERGE\b/.test(statement))).toBe(true);
    const made = prepare.flatMap((statement) => /CREATE INDEX (\w+)/.exec(statement)?.[1] ?? []);
    const left = made.filter((name) => !finish.some((statement) => statement.includes(name)));
    expect(left).toEqual(['doctor_name_index']);
  });

  test('everybody has a name and nothing else, which some share', () => {
    for (const people of [doctors!, patients!])
      expect(people.filter((one) => `${Object.keys(one)}` !== 'name')).toEqual([]);
    expect(new Set(patients!.map(({ name }) => name)).size).toBeLessThan(patients!.length);
  });

  test('TREATS joins those who are there; some patients have several doctors and some none', () => {
    const [doctorNames, patientNames] = [doctors!, patients!].map((people) => new Set(people.map(({ name }) => name)));
    const many = new Map<unknown, Set<unknown>>();
    for (const { doctor, patient } of treats!) {
      expect([doctorNames!.has(doctor), patientNames!.has(patient)]).toEqual([true, true]);
      many.set(patient, (many.get(patient) ?? new Set()).add(doctor));
    }
    expect(many.size).toBeLessThan(patientNames!.size);
    expect([...many.values()].some(({ size }) => size > 2)).toBe(true);
  });
});
