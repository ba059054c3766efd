import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import Database from 'better-sqlite3';
import { type DemoData, demoData, type Row } from '../../support/demo-data.js';

const words = (text: string) => text.trim().split(/\s+/);
const SERVICE_BILL = `transaction_id patient_id billing_date amount currency payment_method insurance_claimed insurance_id
  insurance_provider service_code service_description department staff_id discount_applied net_amount tax total_amount
  payment_status due_date receipt_number`;

/** Every path to a leaf, so that nested documents compare as columns do. */
function paths(value: Row, prefix = ''): string[] {
  return Object.entries(value).flatMap(([key, child]) =>
    child !== null && typeof child === 'object' ? paths(child as Row, `${prefix}${key}.`) : [`${prefix}${key}`],
  );
}

const EXPECTED = {
  a: {
    patients: `patient_id first_name last_name dob gender blood_group height_cm weight_kg country state city postal_code phone
      email emergency_contact_name emergency_contact_relation emergency_contact_phone insurance_id insurance_provider
      primary_physician medical_history disease patient_status severity department_admitted current_department bed_type`,
    staff: `staff_id first_name last_name dob gender department designation joining_date salary phone email address_line1
      address_line2 city state country postal_code emergency_contact_name emergency_contact_relation
      emergency_contact_phone work_shift`,
    finance: SERVICE_BILL,
  },
  b: {
    patients: `patient_id name.first name.last dob gender location.country location.state location.city location.postal_code
      contact.phone contact.email emergency_person.name emergency_person.relation emergency_person.phone insurance.id
      insurance.provider primary_physician medical_info.blood_group medical_info.allergies medical_info.bp medical_info.hb
      medical_info.chronic_conditions medical_history disease patient_status severity department_admitted
      current_department bed_type height_cm weight_kg`,
    staff: `staff_id name.first name.last dob gender department designation joining_date salary contact.phone contact.email
      address.line1 address.line2 address.city address.state address.country address.postal_code emergency_person.name
      emergency_person.relation emergency_person.phone work_shift`,
    finance: SERVICE_BILL,
  },
  c: {
    patients: `patient_id name dob gender blood_group height_cm weight_kg medical_history allergies insurance_id
      insurance_provider primary_physician specialty duration_days care_instructions time_bound contact_phone contact_email
      emergency_person_name emergency_person_relation emergency_person_phone department_admitted current_department
      bed_type patient_status severity`,
    staff: `staff_id name role specialty_assigned joining_date experience_years qualification shift contact_phone
      contact_email address emergency_person_name emergency_person_relation emergency_person_phone`,
    finance: `transaction_id patient_id category amount transaction_date payment_method insurance_claim_id remarks
      processed_by_staff_id`,
  },
  d: {
    patients: `patient_id name dob gender blood_group height_cm weight_kg location contact emergency_person
      insurance_id insurance_provider primary_physician medical_history disease patient_status severity
      department_admitted current_department bed_type stage_danger surgery_required treatment_protocol followup_date`,
    staff: `staff_id name dob gender position department contact salary date_joined specialization experience_years
      certifications shift email address emergency_contact emergency_relation`,
    finance: `record_id patient_id treatment_cost insurance_claim hospital_charges miscellaneous_charges tax discount
      payment_method payment_status date`,
  },
} as const;
const HOSPITALS = ['a', 'b', 'c', 'd'] as const;
const TABLES = ['patients', 'staff', 'finance'] as const;
const EACH = HOSPITALS.flatMap((hospital) => TABLES.map((table) => [hospital, table] as const));

describe('the shapes of the four hospitals', () => {
  let data: DemoData;
  beforeAll(async () => {
    data = await demoData(1, 2_500);
  });
  afterAll(() => rmSync(data.folder, { recursive: true }));

  test.each(EACH)('his-%s %s has exactly its columns, in their order', (hospital, table) => {
    const fullest = data[hospital][table].reduce((best, row) => (paths(row).length > paths(best).length ? row : best));
    expect(paths(fullest)).toEqual(words(EXPECTED[hospital][table]));
  });

  test.each(EACH)('his-%s %s repeats no key', (hospital, table) => {
    const keys = data[hospital][table].map((row) => Object.values(row)[0]);
    expect(new Set(keys).size).toBe(keys.length);
  });

  test('2,500 patients divide as 1200, 400, 500 and 400, with 15 % staff and 35 % bills', () => {
    expect(HOSPITALS.map((name) => TABLES.map((table) => data[name][table].length))).toEqual([
      [1200, 180, 420],
      [400, 60, 140],
      [500, 75, 175],
      [400, 60, 140],
    ]);
  });

  test('keys are eight hexadecimal digits; of staff and bills in his-a and his-b, a letter and seven', () => {
    for (const name of HOSPITALS) {
      for (const row of data[name].patients) expect(row.patient_id).toMatch(/^[0-9a-f]{8}$/);
      const [staff, bill] = name < 'c' ? [/^S[0-9a-f]{7}$/, /^T[0-9a-f]{7}$/] : [/^[0-9a-f]{8}$/, /^[0-9a-f]{8}$/];
      for (const row of data[name].staff) expect(row.staff_id).toMatch(staff);
      for (const row of data[name].finance) expect(row.transaction_id ?? row.record_id).toMatch(bill);
    }
  });

  test.each(['a', 'b'] as const)(
    'his-%s bills add up: net = amount - discount, 9 %% tax, total = net + tax',
    (name) => {
      for (const row of data[name].finance as Record<string, number>[]) {
        const hundredths = (column: string) => Math.round(row[column]! * 100);
        expect(row.amount! * 100).toBeCloseTo(hundredths('amount'), 5);
        expect(hundredths('net_amount')).toBe(hundredths('amount') - hundredths('discount_applied'));
        expect(hundredths('tax')).toBe(Math.round((hundredths('net_amount') * 9) / 100));
        expect(hundredths('total_amount')).toBe(hundredths('net_amount') + hundredths('tax'));
        expect(row.currency).toBe('INR');
        expect(row.service_code).toMatch(/^SRV10[0-4]$/);
      }
    },
  );

  test.each([
    ['his-a', ['dob', 'last_name', 'phone', 'current_department', 'disease', 'patient_status']],
    ['his-d', ['dob', 'name', 'contact', 'current_department', 'disease', 'patient_status']],
  ])('%s has the indexes of a hospital: %s', (name, columns) => {
    const database = new Database(join(data.folder, name, 'hospital.db'), { readonly: true });
    const indexed = (table: string) =>
      (database.pragma(`index_list(${table})`) as { name: string }[]).flatMap(
        (index) => database.pragma(`index_xinfo(${index.name})`) as { name: string; coll: string; key: number }[],
      );
    const patients = indexed('patients').filter((column) => column.key === 1);
    expect(patients.map((column) => column.name).sort()).toEqual([...columns, 'patient_id'].sort());
    expect(patients.find((column) => /name$/.test(column.name))!.coll).toBe('NOCASE');
    expect(indexed('finance').map((column) => column.name)).toContain('patient_id');
    expect(database.pragma('integrity_check', { simple: true })).toBe('ok');
    database.close();
  });

  test('his-d declares whole numbers and amounts as its columns are typed', () => {
    const database = new Database(join(data.folder, 'his-d/hospital.db'), { readonly: true });
    const types = (table: string, storage: string) =>
      (database.pragma(`table_info(${table})`) as { name: string; type: string }[])
        .filter(({ type }) => type === storage)
        .map(({ name }) => name);
    expect(types('patients', 'INTEGER')).toEqual(['height_cm', 'weight_kg']);
    expect(types('staff', 'INTEGER')).toEqual(['experience_years']);
    expect(types('staff', 'REAL')).toEqual(['salary']);
    expect(types('finance', 'REAL')).toEqual(words(EXPECTED.d.finance).slice(2, 8));
    database.close();
    for (const { weight_kg: weight } of data.d.patients) expect(weight === null || Number.isInteger(weight)).toBe(true);
  });

  test('text stays text: keys, telephone numbers and postal codes are declared TEXT', () => {
    const database = new Database(join(data.folder, 'his-a/hospital.db'), { readonly: true });
    const types = new Map(
      (database.pragma('table_info(patients)') as { name: string; type: string }[]).map((c) => [c.name, c.type]),
    );
    database.close();
    for (const column of ['patient_id', 'phone', 'postal_code', 'insurance_id']) expect(types.get(column)).toBe('TEXT');
  });
});
