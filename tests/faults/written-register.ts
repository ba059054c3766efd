import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Bundle, Encounter, Observation, OperationOutcome, Patient } from '@medplum/fhirtypes';
import { map, reference, table } from '#src/mapping/index.js';
import type { Adapter, SourceLocation } from '#src/source/adapter.js';
import { sendTo } from '../property/lens/campaign.js';
import { type Answer, type WrittenHttp, writtenHttp } from '../support/written-http.js';

/** A register in a database of its own, which does more with what it is told than keep it. */
export interface Register {
  readonly url: string;
  /** The same, for users who may only read. */
  readonly readerUrls: readonly string[];
  /** Rows of a statement, every cell as text. */
  readonly rows: (sql: string) => Promise<readonly (readonly (string | null)[])[]>;
  readonly close: () => Promise<void>;
}

export interface RegisterKind {
  readonly name: string;
  readonly open: (source: SourceLocation) => Adapter;
  readonly register: () => Promise<Register>;
  /** A rule that is looked at when the transaction is kept: statements that make it, and the one that undoes it. */
  readonly atTheEnd?: readonly [make: readonly string[], undo: string];
  /** The length in bytes of the column `given` of p1. */
  readonly lengthOfGiven: string;
}

const people = table('people', {
  key: ['mrn'],
  columns: { mrn: 'text', family: 'text', given: 'text', phone: 'text', email: 'text', weight: 'decimal' },
});
const visits = table('visits', {
  key: ['id'],
  columns: { id: 'integer', mrn: 'text', state: 'text', began: 'dateTime', ended: 'dateTime', planned: 'instant' },
});
const subject = { reference: reference('Patient', people.id) };

export const registerMappings = [
  map<Patient>('Patient', {
    name: 'patient',
    id: people.id,
    write: { create: 'row', key: 'client', update: true, updateCreates: true, delete: 'row' },
    to: {
      resourceType: 'Patient',
      identifier: [{ system: 'urn:register:mrn', value: people.text('mrn') }],
      name: [{ family: people.text('family'), given: [people.text('given')] }],
      telecom: [
        { system: 'phone', value: people.text('phone') },
        { system: 'email', value: people.text('email') },
      ],
    },
  }),
  map<Observation>('Observation', {
    name: 'weight',
    id: people.facet('weight'),
    exists: people.present('weight'),
    write: { create: 'columns', update: true, delete: 'columns' },
    to: {
      resourceType: 'Observation',
      status: 'final',
      code: { coding: [{ system: 'http://loinc.org', code: '29463-7' }] },
      subject,
      valueQuantity: { value: people.decimal('weight'), system: 'http://unitsofmeasure.org', code: 'kg' },
    },
  }),
  map<Encounter>('Encounter', {
    name: 'encounter',
    id: visits.id,
    write: { create: 'row', key: 'source', update: true, delete: 'row' },
    to: {
      resourceType: 'Encounter',
      status: visits.code('state', { codes: { done: 'finished', open: 'in-progress' } }),
      statusHistory: [{ status: 'planned', period: { start: visits.instant('planned') } }],
      class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'AMB' },
      subject: { reference: reference('Patient', people.id, { rows: visits, columns: ['mrn'] }) },
      period: { start: visits.dateTime('began'), end: visits.dateTime('ended') },
    },
  }),
];

export const registerSource = (adapter: Adapter, timeoutMs = 5_000) => ({
  name: 'r',
  required: false,
  timeoutMs,
  timeZone: 'Asia/Kolkata',
  limits: { concurrency: 8 },
  adapter,
  write: true,
  mappings: { folder: '', mappings: registerMappings, conceptMaps: new Map() },
});

const paths = ({ resource }: Answer) =>
  (resource as OperationOutcome).issue.map(({ code, expression }) => `${code} ${expression?.[0] ?? ''}`.trim());

/** What comes between a write and its row in a real database is seen, told, and not kept. */
export function registerCases({ name, open, register, atTheEnd, lengthOfGiven }: RegisterKind): void {
  describe(`${name}: what comes between a write and its row`, () => {
    let database: Register;
    let http: WrittenHttp;

    beforeAll(async () => {
      database = await register();
      http = await writtenHttp([registerSource(open({ name: 'r', location: database.url, timeoutMs: 5_000 }))]);
    });
    afterAll(async () => {
      await http?.stop();
      await database?.close();
    });
    beforeEach(async () => {
      await database.rows('DELETE FROM visits');
      await database.rows('DELETE FROM people');
      await database.rows(
        "INSERT INTO people (mrn, family, given, phone, email, weight) VALUES ('p1', 'Berg', 'Anna', '555-1', 'a@x', 72.5), ('p2', 'Chen', NULL, NULL, 'c@x', NULL)",
      );
    });

    const row = async (mrn = 'p1') =>
      (await database.rows(`SELECT family, given, phone, email, weight FROM people WHERE mrn = '${mrn}'`))[0];
    const read = async () => (await http.ask('GET Patient/r.p1')).resource as Patient;
    const put = (patient: Patient, headers = {}) => http.ask(`PUT Patient/${patient.id}`, { body: patient, headers });
    const phoned = (patient: Patient, value: string): Patient => ({
      ...patient,
      telecom: patient.telecom!.map((one) => (one.system === 'phone' ? { ...one, value } : one)),
    });
    /** It is refused for that, and the row is as it was. */
    const refused = async (body: Patient, status: number, issues: readonly string[]) => {
      const before = await row();
      const answer = await put(body);
      expect([answer.status, paths(answer)]).toEqual([status, issues]);
      expect(JSON.stringify(answer.resource)).not.toMatch(/people|UPDATE|INSERT|SQL|violat/i);
      expect(await row()).toEqual(before);
      expect(await http.ask(`GET Patient/r.p1`)).toMatchObject({ status: 200 });
    };

    test('a value that fits is kept, as it was said', async () => {
      const answer = await put(phoned(await read(), "O'Hara \\ 😀"));
      expect(answer.status).toBe(200);
      expect(await row()).toEqual(['Berg', expect.stringMatching(/^Anna *$/), "O'Hara \\ 😀", 'a@x', '72.5']);
    });

    test('a text that is too long is refused, not cut', async () => {
      const patient = await read();
      await refused({ ...patient, name: [{ ...patient.name![0], family: 'Longer than ten' }] }, 422, ['business-rule']);
    });

    test('a trigger that changes a value is seen, and its path is named', async () => {
      await refused(phoned(await read(), 'cut to five letters'), 422, ['not-supported Patient.telecom[0].value']);
    });

    test('a trigger that changes a new row is seen too', async () => {
      const patient = phoned({ ...(await read()), id: 'r.p9' }, 'cut to five letters');
      const identifier = [{ system: 'urn:register:mrn', value: 'p9' }];
      const telecom = patient.telecom!.filter(({ system }) => system === 'phone');
      const answer = await put({ ...patient, identifier, telecom });
      expect([answer.status, paths(answer)]).toEqual([422, ['not-supported Patient.telecom[0].value']]);
      expect(await row('p9')).toBeUndefined();
    });

    test('a column that fills up with blanks gives the text without them', async () => {
      const patient = await read();
      expect(patient.name![0]!.given).toEqual(['Anna']);
      const answer = await put({ ...patient, name: [{ ...patient.name![0], given: ['Bo'] }] });
      expect(answer).toMatchObject({ status: 200, resource: { name: [{ given: ['Bo'] }] } });
      expect((await database.rows(lengthOfGiven))[0]![0]).toMatch(/^(2|8)$/);
    });

    test('a decimal that the column would round is refused, and so is one that is too large', async () => {
      const weight = (await http.ask('GET Observation/r.p1.weight')).resource as Observation;
      for (const value of [72.55, 123456.7]) {
        const body = { ...weight, valueQuantity: { ...weight.valueQuantity, value } };
        const answer = await http.ask('PUT Observation/r.p1.weight', { body });
        expect([value, answer.status]).toEqual([value, 422]);
        expect((await row())![4]).toBe('72.5');
      }
      const body = { ...weight, valueQuantity: { ...weight.valueQuantity, value: 73.4 } };
      expect((await http.ask('PUT Observation/r.p1.weight', { body })).status).toBe(200);
      expect((await row())![4]).toBe('73.4');
    });

    test('a value that another row has, a row that others refer to, and a rule of the database are refused as such', async () => {
      const patient = await read();
      const telecom = patient.telecom!.map((one) => (one.system === 'email' ? { ...one, value: 'c@x' } : one));
      await refused({ ...patient, telecom }, 409, ['duplicate']);
      await refused(phoned(patient, 'forbidden'), 422, ['business-rule']);
      await database.rows("INSERT INTO visits (mrn, state) VALUES ('p1', 'done')");
      const gone = await http.ask('DELETE Observation/r.p1.weight');
      expect(gone.status).toBeLessThan(300);
      expect((await http.ask('DELETE Patient/r.p1')).status).toBe(409);
      expect(await row()).toBeDefined();
      // Rows that no mapping shows refer to it too.
      await database.rows("INSERT INTO bills VALUES ('p2')");
      const kept = await http.ask('DELETE Patient/r.p2');
      await database.rows('DELETE FROM bills');
      expect([kept.status, paths(kept)]).toEqual([422, ['business-rule']]);
      expect(await row('p2')).toBeDefined();
    });

    test('a server without room says so', async () => {
      const answer = await put(phoned(await read(), 'full'));
      expect(answer.status).toBe(503);
      expect((answer.resource as OperationOutcome).issue[0]!.diagnostics).toMatch(/no room left/);
      expect((await row())![2]).toBe('555-1');
    });

    test('moments keep what they are through columns with an offset and columns without', async () => {
      const visit: Encounter = {
        resourceType: 'Encounter',
        status: 'in-progress',
        statusHistory: [{ status: 'planned', period: { start: '2024-06-01T01:02:03-05:00' } }],
        class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'AMB' },
        subject: { reference: 'Patient/r.p1' },
        period: { start: '2024-06-01T04:30:00Z' },
      };
      const made = await http.ask('POST Encounter', { body: visit });
      expect([made.status, made.resource]).toMatchObject([201, { period: { start: '2024-06-01T10:00:00+05:30' } }]);
      const [first] = await database.rows(`SELECT began, ended, planned FROM visits`);
      expect([first![0]!.slice(0, 19), first![1], first![2]!.slice(0, 19)]).toEqual([
        '2024-06-01 10:00:00',
        null,
        '2024-06-01 06:02:03',
      ]);
      // A column with an offset, read by the clocks of the source: what is there keeps its offset.
      await database.rows("UPDATE visits SET ended = '2024-06-01 07:00:00+00:00'");
      const there = (await http.ask(`GET Encounter/${made.resource!.id}`)).resource as Encounter;
      expect(Date.parse(there.period!.end!)).toBe(Date.parse('2024-06-01T07:00:00Z'));
      const later = { ...there, period: { ...there.period, end: '2024-06-01T13:30:00+05:30' } };
      const answer = await http.ask(`PUT Encounter/${made.resource!.id}`, { body: later });
      expect(answer.status).toBe(200);
      expect((await database.rows('SELECT ended FROM visits'))[0]![0]!.slice(0, 19)).toBe('2024-06-01 08:00:00');
    });

    test('a new moment of a column with an offset, told by the clocks of the source, is refused rather than shifted', async () => {
      const visit: Encounter = {
        resourceType: 'Encounter',
        status: 'finished',
        class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'AMB' },
        subject: { reference: 'Patient/r.p1' },
        period: { end: '2024-06-01T04:30:00Z' },
      };
      const made = await http.ask('POST Encounter', { body: visit });
      const rows = await database.rows('SELECT ended FROM visits');
      // What the clocks of the source show would be taken for what those of UTC do: `instant` is for such columns.
      expect([made.status, paths(made), rows]).toEqual([422, ['not-supported Encounter.period.end'], []]);
    });

    test('of two who change one version, one wins and the other is told', async () => {
      const patient = await read();
      const headers = { 'If-Match': `W/"${patient.meta!.versionId}"` };
      const answers = await Promise.all(
        ['555-2', '555-3', '555-4', '555-5'].map((value) => put(phoned(patient, value), headers)),
      );
      const won = answers.filter(({ status }) => status === 200);
      expect(won).toHaveLength(1);
      for (const { status } of answers) expect([200, 409, 412]).toContain(status);
      expect((won[0]!.resource as Patient).telecom![0]!.value).toBe((await row())![2]);
    });

    test('a user who may only read is told so, and the source is read all the same', async () => {
      for (const location of database.readerUrls) {
        const other = await writtenHttp([registerSource(open({ name: 'r', location, timeoutMs: 5_000 }))]);
        try {
          const patient = (await other.ask('GET Patient/r.p1')).resource as Patient;
          const answer = await other.ask('PUT Patient/r.p1', { body: phoned(patient, '1') });
          expect(answer.status).toBe(503);
          expect((answer.resource as OperationOutcome).issue[0]!.diagnostics).toMatch(/cannot be written/);
          expect((await other.ask('GET Patient/r.p1')).status).toBe(200);
        } finally {
          await other.stop();
        }
      }
      expect((await row())![2]).toBe('555-1');
    });

    test('resources that mean ill: what is accepted is read back whole, what is refused names a path and changes nothing', async () => {
      await database.rows(
        "INSERT INTO visits (mrn, state, began, ended, planned) VALUES ('p1', 'done', '2024-05-01 08:00:00', '2024-05-01 09:00:00', NULL), ('p2', 'open', NULL, NULL, '2024-05-01 09:00:00')",
      );
      const search = async (path: string) => (await http.ask(`GET ${path}`)).resource as Bundle;
      const tally = await sendTo({ baseUrl: http.baseUrl, search }, ['Patient', 'Observation', 'Encounter'], 240, 1);
      expect(tally.failures).toEqual([]);
      expect(tally.cases).toBe(240);
      for (const status of [200, 422]) expect(tally.outcomes[`r ${status}`]).toBeGreaterThan(0);
    }, 60_000);

    if (atTheEnd) {
      test('what is refused only as it is kept is not in doubt', async () => {
        const [make, undo] = atTheEnd;
        for (const sql of make) await database.rows(sql);
        try {
          await refused(phoned(await read(), 'late'), 422, ['business-rule']);
        } finally {
          await database.rows(undo);
        }
      });
    }
  });
}
