import { describe, expect, test } from '@jest/globals';
import type { Row } from '#src/source/row.js';
import { hospital } from './two-sources.js';

const few = {
  patients: [
    ['p1', 'Ng', 'f'],
    ['p2', 'Ngata', 'm'],
    ['p3', 'Oh', 'f'],
    ['p4', 'Oh', null],
  ],
  samples: [
    ['s1', 'p1', 'GLU'],
    ['s2', 'p1', 'NA'],
    ['s3', 'p2', 'GLU'],
    ['s4', 'p3', 'K'],
    ['s5', 'p4', 'K'],
    // Of nobody that is known, and of nobody.
    ['s6', 'p9', 'GLU'],
    ['s7', null, 'GLU'],
  ],
} as const;

const lab = (...keys: readonly string[]) => keys.map((key) => `laboratory.${key}`);
const reg = (...keys: readonly string[]) => keys.map((key) => `registry.${key}`);

const answers: readonly (readonly [query: string, ids: readonly string[]])[] = [
  ['Observation?patient.family=ng', lab('s1', 's2', 's3')],
  ['Observation?subject:Patient.family:exact=Ng', lab('s1', 's2')],
  ['Observation?subject:Patient.family=ngata,oh', lab('s3', 's4', 's5')],
  ['Observation?patient.gender:not=female', lab('s3', 's5')],
  ['Observation?patient.gender:missing=true', lab('s5')],
  ['Observation?patient.family=ng&patient.gender=female', lab('s1', 's2')],
  ['Observation?patient.family=ng&code=NA', lab('s2')],
  ['Observation?patient._id=registry.p2', lab('s3')],
  ['Observation?patient.family=nobody', []],
  ['Patient?_has:Observation:patient:code=GLU', reg('p1', 'p2')],
  ['Patient?_has:Observation:patient:code=GLU,K', reg('p1', 'p2', 'p3', 'p4')],
  ['Patient?_has:Observation:patient:code:not=GLU', reg('p1', 'p3', 'p4')],
  ['Patient?_has:Observation:patient:code=NA&family=ng', reg('p1')],
  ['Patient?_has:Observation:patient:code=lithium', []],
];

describe.each([
  { name: 'pushed down', pushdown: true },
  { name: 'nothing pushed down', pushdown: false },
])('a chain across sources, $name', ({ pushdown }) => {
  test.each(answers)('rule 33, 34: %s', async (query, expected) => {
    expect(await hospital(few, { pushdown }).ids(query)).toEqual(expected);
    expect(await hospital(few, { pushdown }).ids(`${query}&_count=1`)).toEqual(expected);
  });

  test('rule 33: two chains may hold for different resources, one chain only for one', async () => {
    const both = 'Patient?_has:Observation:patient:code=GLU&_has:Observation:patient:code=NA';
    expect(await hospital(few, { pushdown }).ids(both)).toEqual(reg('p1'));
  });

  test('the total counts what the chain leaves', async () => {
    const found = await hospital(few, { pushdown }).page('Observation?patient.family=ng&_total=accurate&_count=1');
    expect(found.total).toBe(3);
  });
});

describe('each source is sent only its own keys', () => {
  test('the ids at the other end, as one list', async () => {
    const { asked, ids } = hospital(few);
    await ids('Observation?patient.family=ng');
    expect(asked.map(({ source }) => source)).toEqual(['registry', 'laboratory']);
    expect(asked[1]!.scan.where).toEqual({ op: 'in', of: { column: 'patient', as: 'raw' }, values: ['p1', 'p2'] });
  });

  test('explain shows both ends', async () => {
    const explained = await hospital(few).explain('Observation?patient.family=ng');
    expect(explained.sources).toMatchObject([
      { source: 'laboratory', open: [{ chain: 'patient.family=ng', by: 'ids' }] },
    ]);
    expect(explained.chains).toMatchObject([
      { chain: 'patient.family=ng', type: 'Patient', sources: [{ source: 'registry' }] },
    ]);
  });
});

describe('too many ids for a list', () => {
  const patients = Array.from({ length: 5_200 }, (_, i): Row => [`p${String(i).padStart(4, '0')}`, 'Ng', 'f']);
  const samples = Array.from(
    { length: 40 },
    (_, i): Row => [`s${i + 10}`, `p${String(i * 200).padStart(4, '0')}`, 'K'],
  );
  const known = samples.slice(0, 26).map(([key]) => `laboratory.${key}`);

  test('what the searched source hands over is probed', async () => {
    const { ids, asked } = hospital({ patients, samples });
    expect(await ids('Observation?patient.family=ng&_count=10')).toEqual(known);
    const lists = asked.flatMap(({ source, scan }) => (source === 'registry' && scan.where.op === 'and' ? [scan] : []));
    expect(lists.length).toBeGreaterThan(0);
  });

  test('a probe the other way, too', async () => {
    const many = patients.map(([key], i): Row => [`s${i}`, key!, i === 5_199 ? 'NA' : 'K']);
    const { ids } = hospital({ patients: patients.slice(0, 30), samples: many });
    const expected = patients.slice(0, 30).map(([key]) => `registry.${key}`);
    expect(await ids('Patient?_has:Observation:patient:code=K&_count=7')).toEqual(expected);
  });

  test('past the budget the page is short and goes on', async () => {
    const { page, ids } = hospital({ patients, samples }, { rows: 60 });
    const { issues, next } = await page('Observation?patient.family=ng');
    expect(issues).toMatchObject([{ severity: 'information', code: 'too-costly' }]);
    expect(next).toBeDefined();
    expect(await ids('Observation?patient.family=ng')).toEqual(known);
  });

  test('without progress it is too costly, and says to ask more narrowly', async () => {
    const { page } = hospital(
      { patients, samples: patients.map(([key], i): Row => [`s${i}`, key!, 'K']) },
      { rows: 60 },
    );
    await expect(page('Observation?patient.family=ng')).rejects.toMatchObject({
      code: 'too-costly',
      message: expect.stringContaining('ask more narrowly'),
    });
  });
});

describe('rule 98: a source that fails at the other end', () => {
  test('leaves the answer shorter, and is named', async () => {
    const { page, down } = hospital(few);
    down.add('registry');
    const { matches, issues } = await page('Observation?patient.family=ng');
    expect(matches).toEqual([]);
    expect(issues).toMatchObject([{ code: 'source-unavailable', place: { source: 'registry' } }]);
  });

  test('is refused under strict handling', async () => {
    const { page, down } = hospital(few);
    down.add('registry');
    await expect(page('Observation?patient.family=ng', { strict: true })).rejects.toMatchObject({
      code: 'source-unavailable',
    });
  });

  test.each([
    'Observation?patient.gender:not=male',
    'Observation?patient.gender:missing=true',
    'Patient?_has:Observation:patient:code:not=GLU',
  ])('what asks for absence is refused without it: %s', async (query) => {
    const { page, down } = hospital(few);
    down.add(query.startsWith('Patient') ? 'laboratory' : 'registry');
    await expect(page(query)).rejects.toMatchObject({
      code: 'incomplete',
      place: { expression: expect.stringMatching(/^http\./), source: expect.any(String) },
    });
    down.clear();
    expect((await page(query)).matches.length).toBeGreaterThan(0);
  });

  test('between pages is named on the next one', async () => {
    const { page, down } = hospital(few);
    const query = 'Observation?patient.family=ng&_count=1';
    const { next } = await page(query);
    down.add('registry');
    const { matches, issues, next: third } = await page(`${query}&_cursor=${next}`);
    expect(matches).toEqual([]);
    expect(issues).toMatchObject([{ place: { source: 'registry' } }]);
    expect(third).toBeUndefined();
  });

  test('one that cannot hold the other end is not asked', async () => {
    const { page, down } = hospital(few);
    down.add('annex');
    const { matches, issues } = await page('Observation?patient.gender:not=male');
    expect(matches.map(({ id }) => id)).toEqual(lab('s1', 's2', 's4', 's5'));
    expect(issues).toEqual([]);
  });
});

describe('access', () => {
  const caller = { name: 'laboratory', mayRead: (type: string) => type === 'Observation', mayWrite: () => false };

  test('what a caller may not read cannot be asked through a chain', async () => {
    const { page, asked } = hospital(few);
    await expect(page('Observation?patient.family=ng', { caller })).rejects.toMatchObject({ code: 'forbidden' });
    expect(asked).toEqual([]);
  });
});

test('a page link holds only for its chain', async () => {
  const { page } = hospital(few);
  const { next } = await page('Observation?patient.family=ng&_count=1');
  await expect(page(`Observation?patient.family=oh&_count=1&_cursor=${next}`)).rejects.toMatchObject({
    code: 'invalid-cursor',
  });
});
