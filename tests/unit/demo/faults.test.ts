import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type DemoData, demoData, type Row } from '../../support/demo-data.js';

const HOSPITALS = ['a', 'b', 'c', 'd'] as const;
const share = (rows: Row[], holds: (row: Row) => boolean) => rows.filter(holds).length / rows.length;
const text = (value: unknown) => String(value ?? '');

describe.each([1_000, 2_500])('the faults of the originals, among %d patients', (patients) => {
  let data: DemoData;
  const names = new Map<string, string[]>();
  const everybody = () => HOSPITALS.flatMap((name) => data[name].patients);
  const occurs = (rows: Row[], holds: (row: Row) => boolean) => expect(rows.filter(holds).length).toBeGreaterThan(0);

  beforeAll(async () => {
    data = await demoData(1, patients);
    for (const row of data.a.patients) names.set(text(row.patient_id), [text(row.first_name), text(row.last_name)]);
    for (const row of data.b.patients) names.set(text(row.patient_id), Object.values(row.name as Row).map(text));
    for (const row of [...data.c.patients, ...data.d.patients]) names.set(text(row.patient_id), [text(row.name)]);
  });
  afterAll(() => rmSync(data.folder, { recursive: true }));

  test.each(HOSPITALS)('his-%s: about 60 %% of bills point at no patient, the rest at one', (name) => {
    const keys = new Set(data[name].patients.map((row) => row.patient_id));
    const dangling = share(data[name].finance, (row) => !keys.has(row.patient_id));
    expect(dangling).toBeGreaterThan(0.4);
    expect(dangling).toBeLessThan(0.8);
  });

  test.each(['a', 'b', 'c'] as const)('his-%s: about 60 %% of bills point at no member of staff', (name) => {
    const keys = new Set(data[name].staff.map((row) => row.staff_id));
    const dangling = share(data[name].finance, (row) => !keys.has(row.staff_id ?? row.processed_by_staff_id));
    expect(dangling).toBeGreaterThan(0.4);
    expect(dangling).toBeLessThan(0.8);
  });

  test.each(HOSPITALS)('his-%s: medical_history is None as text, and null, and a text', (name) => {
    const histories = data[name].patients.map((row) => row.medical_history);
    expect(histories).toContain('None');
    expect(histories).toContain(null);
    expect(histories).toContain(name === 'c' ? 'Diabetes' : 'Diabetes, Hypertension');
  });

  test('telephone numbers keep their leading zeros', () => {
    expect(share(data.a.patients, (row) => /^0\d{10}$/.test(text(row.phone)))).toBeGreaterThan(0.8);
    expect(share(data.c.patients, (row) => /^0\d{10,}$/.test(text(row.contact_phone)))).toBeGreaterThan(0.8);
    occurs(data.c.patients, (row) => text(row.contact_phone).startsWith('00'));
  });

  test('his-d packs place, contact and next of kin; a missing half leaves the comma', () => {
    occurs(data.d.patients, (row) => /^[^,]+, [^,]+, [^,]+$/.test(text(row.location)));
    occurs(data.d.patients, (row) => /^[^,]+, [^,@]+@[^,]+$/.test(text(row.contact)));
    occurs(data.d.patients, (row) => /^[^,@]+, $/.test(text(row.contact)));
    occurs(data.d.patients, (row) => /^, [^,]+@/.test(text(row.contact)));
    occurs(data.d.patients, (row) =>
      /^.+ \((Spouse|Parent|Sibling|Friend|Offspring)\)$/.test(text(row.emergency_person)),
    );
    for (const row of data.d.patients) {
      if (row.location !== null) expect(text(row.location).split(', ')).toHaveLength(3);
      if (row.contact !== null) expect(text(row.contact).split(', ')).toHaveLength(2);
    }
    for (const row of data.d.staff) expect(text(row.address).split(', ')).toHaveLength(3);
    occurs(data.d.staff, (row) => /^[^,]+, [^,@]+@[^,]+$/.test(text(row.contact)));
  });

  test('names are shared by several ids of different people: at least 45 of them among 2,500', () => {
    const bearers = new Map<string, Set<number>>();
    for (const { id, person } of data.truth) {
      const name = names.get(id.slice('his-x.'.length))!.join(' ');
      bearers.set(name, (bearers.get(name) ?? new Set()).add(person));
    }
    const shared = [...bearers.values()].filter((people) => people.size > 1);
    expect(shared.length).toBeGreaterThanOrEqual((45 * patients) / 2_500);
  });

  test('severity has its fifth value, patient_status mixes encounter and condition', () => {
    for (const name of HOSPITALS) {
      const values = (column: string) => new Set(data[name].patients.map((row) => row[column]));
      const severities = [...values('severity')].filter((value) => value !== null).sort();
      expect(severities).toEqual(['Critical', 'Mild', 'Moderate', 'Severe', 'treating']);
      expect(values('patient_status')).toEqual(
        new Set(['Admitted', 'Discharged', 'Under Treatment', 'Recovered', 'Critical', 'Outpatient', 'Observation']),
      );
    }
  });

  test('a specialty is half of a broken list item', () => {
    const broken = '– Throat & Nasal Care';
    for (const column of ['specialty', 'department_admitted', 'current_department'])
      occurs(data.c.patients, (row) => row[column] === broken);
    occurs(data.c.staff, (row) => row.specialty_assigned === broken);
  });

  test('Pediatrics has patients born before 2005', () => {
    occurs(
      everybody(),
      (row) => row.department_admitted === 'Pediatrics' && text(row.dob) < '2005' && text(row.dob) > '1900',
    );
  });

  test('states lie in wrong countries', () => {
    const indian = /^(Maharashtra|Gujarat|Delhi|Karnataka)$/;
    occurs(data.a.patients, (row) => row.country === 'India' && !indian.test(text(row.state)));
    occurs(data.a.patients, (row) => row.country !== 'India' && indian.test(text(row.state)));
    occurs(data.d.patients, (row) => /, (Munster|Bayern|Troms|Québec), India$/.test(text(row.location)));
  });

  test('about 70 % are not in the department they came to', () => {
    const moved = share(everybody(), (row) => row.department_admitted !== row.current_department);
    expect(moved).toBeGreaterThan(0.6);
    expect(moved).toBeLessThan(0.8);
  });

  test.each(['Ł', 'ø', 'Ø', 'é', 'ñ', 'ü', 'ễ', 'Zoë', "O'Brien", '’', "D'Souza", 'Smith-Jones', 'Nguyễn', 'Ødegård'])(
    'names hold %s',
    (letters) => {
      expect([...names.values()].join('|')).toContain(letters);
    },
  );

  test('blank strings, N/A and spaces around names occur', () => {
    occurs(data.a.patients, (row) => row.phone === '');
    occurs(data.a.patients, (row) => row.email === ' ');
    occurs(everybody(), (row) => (row.phone ?? row.contact_phone) === 'N/A');
    occurs(data.a.patients, (row) => text(row.first_name).startsWith(' '));
    occurs(data.a.patients, (row) => text(row.last_name).endsWith(' '));
  });

  test('unknown dates are zero in his-a and his-d, partial in his-b and his-c, null anywhere', () => {
    for (const name of ['a', 'd'] as const) {
      occurs(data[name].patients, (row) => row.dob === '0000-00-00');
      for (const { dob } of data[name].patients) expect(text(dob)).toMatch(/^$|^\d{4}-\d{2}-\d{2}$/);
    }
    for (const name of ['b', 'c'] as const) {
      occurs(data[name].patients, (row) => /^\d{4}$/.test(text(row.dob)));
      occurs(data[name].patients, (row) => /^\d{4}-\d{2}$/.test(text(row.dob)));
    }
    occurs(everybody(), (row) => row.dob === null);
    occurs(data.a.finance, (row) => row.due_date === '0000-00-00');
    occurs(data.d.patients, (row) => row.followup_date === '0000-00-00');
  });

  test('his-b measurements are well formed, malformed, null or have no key', () => {
    const infos = data.b.patients.map((row) => row.medical_info as Row);
    occurs(infos, (info) => /^\d{2,3}\/\d{2,3}$/.test(text(info.bp)));
    for (const bp of ['120', 'high', null]) occurs(infos, (info) => info.bp === bp);
    occurs(infos, (info) => !('bp' in info));
    occurs(infos, (info) => typeof info.hb === 'number' && !Number.isInteger(info.hb));
    for (const hb of ['N/A', null]) occurs(infos, (info) => info.hb === hb);
    expect(new Set(infos.map((info) => info.allergies))).toEqual(
      new Set(['None', 'Penicillin', 'Peanuts', 'Latex', 'Dust', null]),
    );
    expect(new Set(infos.map((info) => info.chronic_conditions))).toEqual(
      new Set(['None', 'Diabetes', 'Hypertension', 'Asthma', null]),
    );
  });

  test('his-c knows a few histories and allergies, or None, or nothing', () => {
    const values = (column: string) => new Set(data.c.patients.map((row) => row[column]));
    expect(values('medical_history')).toEqual(new Set(['Diabetes', 'Hypertension', 'Asthma', 'None', null]));
    expect(values('allergies')).toEqual(new Set(['None', 'Penicillin', 'Pollen', 'Dust', 'Food', null]));
  });

  test('a bill waits unpaid, pending, in part or overdue', () => {
    const statuses = (name: 'a' | 'b' | 'd') => new Set(data[name].finance.map((row) => row.payment_status));
    for (const name of ['a', 'b'] as const) expect(statuses(name)).toEqual(new Set(['Paid', 'Unpaid', 'Pending']));
    expect(statuses('d')).toEqual(new Set(['Paid', 'Unpaid', 'Pending', 'Partial', 'Overdue']));
  });

  test('his-c addresses span lines and hold quotes and commas; some names are "family, given"', () => {
    occurs(data.c.staff, (row) => /^"Rose Villa", .+\n.+, .+$/.test(text(row.address)));
    occurs(data.c.patients, (row) => /^[^,]+, [^,]+$/.test(text(row.name)));
    occurs(data.c.patients, (row) => text(row.care_instructions).includes('"gargle"'));
  });
});
