import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Observation, Patient, Resource } from '@medplum/fhirtypes';
import fc from 'fast-check';
import { local } from '#src/access/caller.js';
import { restrict } from '#src/access/restrict.js';
import { openMemory } from '#src/adapters/memory/adapter.js';
import { Fault } from '#src/errors/fault.js';
import { createEngine } from '#src/execution/create-engine.js';
import type { Engine, Page } from '#src/execution/engine.js';
import { createLinks, type LinkEnd } from '#src/identity/links.js';
import { linked, type Mapping, map, reference, table } from '#src/mapping/index.js';
import { acrossLinks } from '#src/search/across-links.js';
import { parse } from '#src/search/parse.js';
import type { Adapter } from '#src/source/adapter.js';
import type { Row } from '#src/source/row.js';
import { stateDatabase } from '#src/state/database.js';
import { type Link, linkTable } from '#src/state/link-table.js';

const patients = table('patients', { key: ['id'], columns: { id: 'text', family: 'text', sex: 'text' } });
const samples = table('samples', { key: ['id'], columns: { id: 'text', patient: 'text', test: 'text' } });
const names = 'urn:names';

const patient = map<Patient>('Patient', {
  name: 'patient',
  id: patients.id,
  to: {
    resourceType: 'Patient',
    name: [{ family: patients.text('family') }],
    gender: patients.code('sex', { codes: { f: 'female', m: 'male' } }),
  },
});
const observation = (subject: object) =>
  map<Observation>('Observation', {
    name: 'observation',
    id: samples.id,
    to: {
      resourceType: 'Observation',
      status: 'final',
      code: samples.concept('test', { system: 'urn:test' }),
      subject,
    } as never,
  });
const from = { rows: samples, columns: ['patient'] } as const;
/** Its own patients, the registry's numbers, and names alone. */
const own = observation({ reference: reference('Patient', patients.id, from) });
const numbered = observation({ reference: reference('Patient', patients.idIn('registry'), from) });
const named = observation({
  type: 'Patient',
  reference: linked('Patient', names, samples, 'patient'),
  identifier: { system: names, value: samples.text('patient') },
});

const families = ['Ng', 'Nguyen', 'Rao', 'Smith'];
const people: readonly Row[] = Array.from({ length: 6 }, (_, i) => [`p${i}`, families[i % 4]!, i % 3 ? 'f' : 'm']);
const taken = (of: readonly string[]): readonly Row[] =>
  of.flatMap((who, i) => [`x${i}`, `y${i}`].map((id, j): Row => [id, who, j + (i % 2) ? 'glucose' : 'sodium']));
const held = {
  clinic: { patients: people.slice(0, 4), samples: taken(['p0', 'p1', 'p3', 'p9']), mapping: own },
  registry: { patients: people, mapping: undefined, samples: undefined },
  laboratory: { patients: undefined, samples: taken(['p2', 'p4', 'p9', 'p0']), mapping: numbered },
  monitor: { patients: undefined, samples: taken(['Ann', 'Bob', 'Cid', 'Ann ']), mapping: named },
};
const ends: readonly LinkEnd[] = [
  ...['clinic.p0', 'clinic.p1', 'clinic.p3', 'registry.p0', 'registry.p2', 'registry.p4', 'registry.p5'].map((key) => ({
    type: 'Patient',
    space: '',
    key,
  })),
  ...['Ann', 'Bob', 'Cid', 'Nobody'].map((key) => ({ type: 'Patient', space: names, key })),
];

const folder = mkdtempSync(join(tmpdir(), 'healthsync-linked-'));
const state = stateDatabase(folder);
const store = linkTable(state);
const links = createLinks(store);
afterAll(() => {
  state.close();
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(() => {
  state
    .open()
    .exec(
      'DELETE FROM links; DELETE FROM link_ends; DELETE FROM link_sources; UPDATE links_changed SET changed = changed + 1',
    );
});

const baseUrl = 'http://h/fhir';
const down = new Set<string>();
function away(name: string, adapter: Adapter): Adapter {
  return new Proxy(adapter, {
    get(target, property) {
      if (property === 'scanAtOnce') return undefined;
      const value: unknown = Reflect.get(target, property);
      if (property !== 'scan') return typeof value === 'function' ? value.bind(target) : value;
      return (...asked: Parameters<Adapter['scan']>) => {
        if (down.has(name)) throw new Fault('source-unavailable', 'away');
        return target.scan(...asked);
      };
    },
  });
}

function open(pushdown: boolean, chainIds?: number): Engine {
  return createEngine({
    sources: Object.entries(held).map(([name, of]) => ({
      name,
      adapter: away(
        name,
        openMemory({
          ...(of.patients && { patients: { columns: ['id', 'family', 'sex'], rows: of.patients } }),
          ...(of.samples && { samples: { columns: ['id', 'patient', 'test'], rows: of.samples } }),
        }),
      ),
      mappings: {
        folder: name,
        mappings: [...(of.patients ? [patient] : []), ...(of.mapping ? [of.mapping as Mapping] : [])],
        conceptMaps: new Map(),
      },
      required: false,
      timeZone: 'UTC',
      timeoutMs: 10_000,
      limits: { concurrency: 8 },
    })),
    baseUrl,
    limits: { rows: 10_000, deadlineMs: 10_000, ...(chainIds !== undefined && { chainIds }) },
    cursorKey: Buffer.alloc(32, 1),
    randomBytes,
    links,
    pushdown,
  });
}

const now = new Date('2026-01-01');
async function page(engine: Engine, search: string, count = 100): Promise<Page> {
  const [type = '', text = ''] = search.split('?');
  const context = {
    baseUrl,
    now,
    maxCount: 1_000,
    defaultCount: count,
    handling: 'none',
    supported: (of: string) => engine.types.get(of)?.parameters ?? new Map(),
    leadsTo: (of: string, code: string) => engine.types.get(of)?.targets.get(code) ?? [],
  } as const;
  const { query } = parse(type, [...new URLSearchParams(text)], context);
  const { query: whole, disclosed } = acrossLinks(query, engine.links);
  const found = await engine.search(restrict(whole, local), {
    signal: new AbortController().signal,
    strict: false,
    now,
  });
  return { ...found, issues: [...found.issues, ...disclosed] };
}
async function all(engine: Engine, search: string, count?: number): Promise<readonly string[]> {
  const ids: string[] = [];
  for (let cursor: string | undefined = ''; cursor !== undefined; ) {
    const { matches, next } = await page(engine, search + (cursor && `&_cursor=${cursor}`), count);
    ids.push(...matches.map(({ id }) => id!));
    cursor = next;
  }
  expect(new Set(ids).size).toBe(ids.length);
  return [...ids].sort();
}

/** What must be found, from the rows and the links alone. */
function truth(pairs: readonly (readonly [number, number])[]) {
  const groups = ends.map((_, i) => new Set([i]));
  for (const [a, b] of pairs) {
    if (groups[a] === groups[b]) continue;
    const whole = new Set([...groups[a]!, ...groups[b]!]);
    for (const one of whole) groups[one] = whole;
  }
  const member = (space: string, key: string) => ends.findIndex((one) => one.space === space && one.key === key);
  const idsOf = (space: string, key: string): readonly string[] => {
    const at = member(space, key);
    const ids = at < 0 ? [] : [...groups[at]!].flatMap((i) => (ends[i]!.space === '' ? [ends[i]!.key] : []));
    return space === '' && at < 0 ? [key] : ids.sort();
  };
  const known: ReadonlyMap<string, { readonly family: unknown; readonly sex: unknown }> = new Map(
    Object.entries(held).flatMap(([source, of]) =>
      (of.patients ?? []).map(([id, family, sex]) => [`${source}.${id}`, { family, sex }] as const),
    ),
  );
  const all = Object.entries(held).flatMap(([source, of]) =>
    (of.samples ?? []).map(([id, who, test]) => {
      const own = source === 'laboratory' ? `registry.${who}` : `${source}.${who}`;
      const subjects = source === 'monitor' ? idsOf(names, String(who).trim()) : idsOf('', own);
      return { id: `${source}.${id}`, subjects, test };
    }),
  );
  return { idsOf, known, all };
}

const families2 = ['ng', 'rao', 'smith', 'x'];
const drawn = fc.record({
  pairs: fc.array(
    fc.tuple(fc.integer({ min: 0, max: ends.length - 1 }), fc.integer({ min: 0, max: ends.length - 1 })),
    {
      maxLength: 8,
    },
  ),
  who: fc.constantFrom('clinic.p0', 'clinic.p3', 'clinic.p9', 'registry.p0', 'registry.p4', 'registry.p5'),
  other: fc.constantFrom('clinic.p1', 'registry.p2', 'registry.p9'),
  family: fc.constantFrom(...families2),
  test: fc.constantFrom('glucose', 'sodium'),
  chainIds: fc.constantFrom(1, 3, 100),
  count: fc.constantFrom(1, 3, 50),
});

describe('across links', () => {
  test('every search finds what the links say, pushed down or not, on pages of any size', async () => {
    await fc.assert(
      fc.asyncProperty(drawn, async ({ pairs, who, other, family, test: code, chainIds, count }) => {
        state
          .open()
          .exec(
            'DELETE FROM links; DELETE FROM link_ends; DELETE FROM link_sources; UPDATE links_changed SET changed = changed + 1',
          );
        const meant = pairs.filter(([a, b]) => a !== b);
        store.add(meant.map(([a, b]): Link => [ends[a]!, ends[b]!]));
        const { idsOf, known, all: observed } = truth(meant);
        const ids = (of: readonly { readonly id: string }[]) => of.map(({ id }) => id).sort();
        const expected: readonly (readonly [string, readonly string[]])[] = [
          [`Observation?subject=Patient/${who}`, ids(observed.filter(({ subjects }) => subjects.includes(who)))],
          [
            `Observation?patient=${who},Patient/${other}&code=${code}`,
            ids(
              observed.filter(
                ({ subjects, test }) => test === code && (subjects.includes(who) || subjects.includes(other)),
              ),
            ),
          ],
          [
            `Observation?patient.family=${family}`,
            ids(
              observed.filter(({ subjects }) =>
                subjects.some((one) =>
                  String(known.get(one)?.family ?? '')
                    .toLowerCase()
                    .startsWith(family),
                ),
              ),
            ),
          ],
          [
            'Observation?patient.gender:not=female',
            ids(
              observed.filter(({ subjects }) => subjects.some((one) => known.has(one) && known.get(one)!.sex !== 'f')),
            ),
          ],
          [
            `Patient?_has:Observation:patient:code=${code}`,
            [...known.keys()]
              .filter((id) =>
                observed.some(
                  ({ subjects, test }) => test === code && idsOf('', id).some((one) => subjects.includes(one)),
                ),
              )
              .sort(),
          ],
          [
            `Patient?_has:Observation:patient:subject=Patient/${who}`,
            [...known.keys()]
              .filter((id) => idsOf('', id).includes(who) && observed.some(({ subjects }) => subjects.includes(who)))
              .sort(),
          ],
        ];
        for (const pushdown of [true, false]) {
          const engine = open(pushdown, chainIds);
          for (const [search, found] of expected)
            expect([search, await all(engine, search, count)]).toEqual([search, found]);
          for (const [search, found] of expected)
            expect([search, (await page(engine, `${search}&_total=accurate`)).total]).toEqual([search, found.length]);
          await engine.close();
        }
      }),
      { numRuns: 60 },
    );
  }, 120_000);

  test('what is linked is included, and what refers to it; the answer says so', async () => {
    store.add([
      [ends[0]!, ends[4]!],
      [ends[4]!, ends[7]!],
    ]);
    const engine = open(true);
    const urls = (resources: readonly Resource[]) =>
      resources.map(({ resourceType, id }) => `${resourceType}/${id}`).sort();
    const one = await page(engine, 'Observation?_id=monitor.x0&_include=Observation:subject');
    expect((one.matches[0] as Observation).subject).toEqual({
      type: 'Patient',
      reference: 'Patient/clinic.p0',
      identifier: { system: names, value: 'Ann' },
    });
    expect(urls(one.included)).toEqual(['Patient/clinic.p0', 'Patient/registry.p2']);
    expect(one.issues).toMatchObject([{ code: 'linked', place: { expression: 'http._include' } }]);
    const back = await page(engine, 'Patient?_id=registry.p2&_revinclude=Observation:subject');
    expect(urls(back.included)).toEqual(
      [
        'clinic.x0',
        'clinic.y0',
        'laboratory.x0',
        'laboratory.y0',
        'monitor.x0',
        'monitor.x3',
        'monitor.y0',
        'monitor.y3',
      ].map((id) => `Observation/${id}`),
    );
    const asked = await page(engine, 'Observation?subject=Patient/registry.p2');
    expect(asked.issues).toEqual([
      {
        severity: 'information',
        code: 'linked',
        message: 'Patient/registry.p2 is linked: Patient/clinic.p0, 1 of urn:names are asked for, too.',
        place: { expression: 'http.subject' },
      },
    ]);
    await engine.close();
  });

  test('each source is asked for its own keys alone; without links nothing changes', async () => {
    const engine = open(true);
    const before = await page(engine, 'Observation?_id=monitor.x0');
    expect((before.matches[0] as Observation).subject).not.toHaveProperty('reference');
    const asked = async () => {
      const query = parse('Observation', [['subject', 'Patient/registry.p2']], {
        baseUrl,
        now,
        maxCount: 10,
        defaultCount: 10,
        handling: 'none',
        supported: (of) => engine.types.get(of)!.parameters,
      }).query;
      const { sources, pruned } = await engine.explain(restrict(acrossLinks(query, engine.links).query, local));
      return [sources.map(({ source, residual }) => [source, residual.length]), pruned.map(({ source }) => source)];
    };
    expect(await asked()).toEqual([[['laboratory', 0]], ['clinic', 'monitor']]);
    store.add([
      [ends[0]!, ends[4]!],
      [ends[7]!, ends[4]!],
    ]);
    expect(await asked()).toEqual([
      [
        ['clinic', 0],
        ['laboratory', 0],
        ['monitor', 0],
      ],
      [],
    ]);
    // A version is of the content: a new reference is another.
    const after = await page(engine, 'Observation?_id=monitor.x0');
    expect(after.matches[0]!.meta!.versionId).not.toBe(before.matches[0]!.meta!.versionId);
    const other = await page(engine, 'Observation?_id=monitor.x1');
    store.remove([[ends[7]!, ends[4]!]]);
    expect((await page(engine, 'Observation?_id=monitor.x0')).matches).toEqual(before.matches);
    expect((await page(engine, 'Observation?_id=monitor.x1')).matches).toEqual(other.matches);
    await engine.close();
  });

  test('a source that is away is named, and where absence is asked for the search is refused', async () => {
    store.add([[ends[0]!, ends[4]!]]);
    const engine = open(true);
    down.add('registry');
    try {
      const found = await page(engine, 'Observation?patient.family=rao');
      expect(found.issues.map(({ code, place }) => [code, place.source])).toContainEqual([
        'source-unavailable',
        'registry',
      ]);
      await expect(page(engine, 'Observation?patient.gender:not=female')).rejects.toMatchObject({ code: 'incomplete' });
    } finally {
      down.clear();
      await engine.close();
    }
  });
});
