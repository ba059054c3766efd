import { describe, expect, test } from '@jest/globals';
import { serverSources } from '#demo/servers.js';

type Leaf = { readonly [name: string]: unknown };

/** What a source is given, as text: documents of each collection, or points. */
function generated(
  source: string,
  seed: number,
  patients = 300,
): readonly { readonly of: string; readonly value: Leaf }[] {
  const { kind, generate } = serverSources[source]!;
  const commission = { seed, patients, served: () => {} };
  if (kind === 'mongodb')
    return generate(commission).collections.flatMap(({ name, documents }) =>
      [...documents].map((value) => ({ of: name, value })),
    );
  if (kind === 'influxdb')
    return [...generate(commission).points].map(({ measurement, ...value }) => ({ of: measurement, value }));
  throw new Error(`${source} is of kind ${kind}`);
}

const asText = (rows: readonly object[]) =>
  JSON.stringify(rows, (_, value) => (typeof value === 'bigint' ? `${value}n` : value));

/** Every path to a leaf; elements of arrays share theirs. */
function paths(value: unknown, path: string, into: Set<string>): Set<string> {
  if (Array.isArray(value)) for (const one of value) paths(one, `${path}[]`, into);
  else if (
    typeof value === 'object' &&
    value !== null &&
    !(value instanceof Date) &&
    String(value) === '[object Object]'
  )
    for (const [name, inner] of Object.entries(value)) paths(inner, path === '' ? name : `${path}.${name}`, into);
  else into.add(path);
  return into;
}

const visit = 'medical_records.medical_history[]';
const shapes: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  ehr: {
    patients: `_id after_update.age after_update.name age before_update.age before_update.name contact_details.address
      contact_details.email contact_details.phone gender ${visit}.diagnosis ${visit}.medications[].dose
      ${visit}.medications[].duration ${visit}.medications[].frequency ${visit}.medications[].name ${visit}.observations
      ${visit}.tests[].recommendations ${visit}.tests[].results ${visit}.tests[].test_name ${visit}.visit_date
      ${visit}.visit_id name patient_id`,
  },
  monitoring: { patients: '_id age medical_history[] name region' },
  imaging: { Imaging_data: '_id creation_date description image_id imaging_date imaging_type patient_id url' },
  vitals: {
    health_metrics: 'fields.blood_pressure fields.heart_rate tags.patient time',
    body_data: 'fields.diastolic fields.heart_rate fields.systolic tags.patient time',
  },
};

describe.each(['ehr', 'monitoring', 'imaging', 'lab', 'vitals'])('%s', (source) => {
  test('the same seed gives the same bytes, another seed others', () => {
    expect(asText(generated(source, 5))).toBe(asText(generated(source, 5)));
    expect(asText(generated(source, 6))).not.toBe(asText(generated(source, 5)));
  });

  test('no two documents have one key, no two points one time', () => {
    const keys = generated(source, 5, 2_000).map(({ value }) => String(value._id ?? value.time));
    expect(new Set(keys).size).toBe(keys.length);
    if (source !== 'vitals') for (const key of keys) expect(key).toMatch(/^[0-9a-f]{24}$/);
  });

  test('it is a stream: the first of very many is there at once', () => {
    const { kind, generate } = serverSources[source]!;
    const commission = { seed: 1, patients: 50_000_000, served: () => {} };
    const rows: Iterable<object> =
      kind === 'mongodb'
        ? generate(commission).collections[0]!.documents
        : kind === 'influxdb'
          ? generate(commission).points
          : [];
    for (const row of rows) {
      expect(Object.keys(row).length).toBeGreaterThan(2);
      return;
    }
    throw new Error('nothing came');
  });
});

describe.each(Object.entries(shapes))('the shape of %s', (source, collections) => {
  test.each(Object.entries(collections))('%s', (collection, expected) => {
    const found = new Set<string>();
    for (const { of, value } of generated(source, 7, 3_000)) if (of === collection) paths(value, '', found);
    for (const path of [visit, `${visit}.medications`, `${visit}.tests`]) found.delete(path);
    expect([...found].sort()).toEqual(expected.trim().split(/\s+/).sort());
  });
});

describe('the faults of the sources', () => {
  const lab = generated('lab', 7, 3_000).map(({ value }) => value);

  test('results are objects, JSON texts, texts of Python and texts of neither, about as often as each other', () => {
    const results = lab.map(({ test_results: one }) => one);
    const texts = results.filter((one) => typeof one === 'string');
    const json = texts.filter((one) => /^\{"/.test(one) && !one.includes('pending'));
    const python = texts.filter((one) => /^\{'.*\}$/.test(one));
    for (const some of [results.filter((one) => typeof one === 'object'), json, python])
      expect(some.length).toBeGreaterThan(results.length / 5);
    expect(python.some((one) => /None|True/.test(one))).toBe(true);
    expect(texts.some((one) => one === 'see paper')).toBe(true);
    for (const one of json) expect(Object.keys(JSON.parse(one) as object).length).toBeGreaterThan(0);
  });

  test('a patient has several reports, some of a number that nobody has, some under a name spelt otherwise', () => {
    const numbers = lab.map(({ record_id: number }) => number as number);
    expect(new Set(numbers).size).toBeLessThan(numbers.length);
    expect(numbers.filter((number) => number > 1_200).length).toBeGreaterThan(10);
    expect(lab.some(({ full_name: name }) => name === String(name).toUpperCase())).toBe(true);
  });

  test('dates are in several notations, and some are none', () => {
    const dates = lab.map(({ test_date: date }) => String(date));
    for (const notation of [
      /^\d{4}-\d\d-\d\d$/,
      /^\d\d\/\d\d\/\d{4}$/,
      /^\d+ [A-Z][a-z]{2} /,
      /^[A-Z][a-z]+ \d+, /,
      /T/,
      /soon/,
    ])
      expect(dates.some((date) => notation.test(date))).toBe(true);
  });

  test('some images have an address that must not be handed on', () => {
    const urls = generated('imaging', 7, 3_000).map(({ value }) => value.url);
    for (const url of ['http://10.0.0.5/images/1.png', 'javascript:alert(1)', null]) expect(urls).toContain(url);
    expect(
      urls.filter((url) => /^https:\/\/drive\.google\.com\/file\/d\/[\w-]{33}\//.test(String(url))).length,
    ).toBeGreaterThan(urls.length / 2);
  });

  test('two people of one name share a series, and a profile spells a name otherwise than the device', () => {
    const points = generated('vitals', 7, 20_000).map(({ value }) => (value.tags as { patient: string }).patient);
    const perName = new Map<string, number>();
    for (const name of points) perName.set(name, (perName.get(name) ?? 0) + 1);
    expect([...perName.values()].some((count) => count > 24)).toBe(true);
    const profiles = generated('monitoring', 7, 20_000).map(({ value }) => String(value.name));
    expect(profiles.some((name) => !perName.has(name) && / \S\.$/.test(name))).toBe(true);
  });

  test('a visit number occurs twice in one history', () => {
    const histories = generated('ehr', 7, 3_000).map(
      ({ value }) => (value as { medical_records?: { medical_history: { visit_id: string }[] } }).medical_records,
    );
    const repeats = histories.filter((one) => {
      const ids = one?.medical_history.map(({ visit_id: id }) => id) ?? [];
      return new Set(ids).size < ids.length;
    });
    expect(repeats.length).toBeGreaterThan(5);
    expect(histories.some((one) => one === undefined)).toBe(true);
  });
});
