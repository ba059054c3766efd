import { afterAll, describe, expect, test } from '@jest/globals';
import type { Observation } from '@medplum/fhirtypes';
import { map, reference, table } from '#src/mapping/index.js';
import { mapped, type Tables } from '../../support/mapped.js';

const visits = table('visits', {
  key: ['visit'],
  absent: ['N/A'],
  columns: { visit: 'integer', patient: 'text', height: 'decimal', weight: 'decimal', pulse: 'integer' },
});
const patients = table('patients', { key: ['patient'], columns: { patient: 'text' } });

const facet = (column: 'height' | 'weight' | 'pulse') =>
  map<Observation>('Observation', {
    name: column,
    id: visits.facet(column),
    exists: visits.present(column),
    to: {
      resourceType: 'Observation',
      status: 'final',
      code: { text: column },
      subject: { reference: reference('Patient', patients.id, { rows: visits, columns: ['patient'] }) },
      valueQuantity: { value: visits.decimal(column) },
    },
  });

const tables: Tables = {
  patients: { columns: ['patient'], rows: [['ada'], ['bob']] },
  visits: {
    columns: ['visit', 'patient', 'height', 'weight', 'pulse'],
    rows: [
      [1, 'ada', '170', 'N/A', '60'],
      [2, 'ada', null, '70', ''],
      [3, 'bob', '180', '80', '70'],
      ...Array.from({ length: 30 }, (_, i) => [100 + i, 'often', '1', i % 2 === 0 ? '2' : null, '3']),
    ],
  },
};
const facets = [facet('height'), facet('weight'), facet('pulse')];
const together = mapped('memory', tables, facets);
const apart = mapped('memory', tables, facets, false);
afterAll(() => Promise.all([together.close(), apart.close()]));

async function scansOf(query: string): Promise<number> {
  const before = together.scans();
  await together.search(query);
  return together.scans() - before;
}

describe('facets of one table', () => {
  test.each(['subject=Patient/s.ada', 'subject=Patient/s.bob,Patient/s.ada', 'subject=Patient/s.nobody'])(
    'are had by one scan: %s',
    async (query) => {
      expect(await together.ids(`Observation?${query}`)).toBe(await apart.ids(`Observation?${query}`));
      expect(await scansOf(`Observation?${query}`)).toBe(1);
    },
  );

  test('each of its own rows, mapping by mapping, key by key', async () => {
    expect(await together.ids('Observation?subject=Patient/s.ada')).toBe('1.height 1.pulse 2.weight');
  });

  test('that are many are had stream by stream, each a page', async () => {
    const query = 'Observation?subject=Patient/s.often&_count=5';
    expect(await scansOf(query)).toBe(4);
    const { matches, next } = await together.search(query);
    expect(matches.map(({ id }) => id)).toEqual([
      's.100.height',
      's.101.height',
      's.102.height',
      's.103.height',
      's.104.height',
    ]);
    expect(next).toBeDefined();
  });

  test('are not shared by a search that names no rows', async () => {
    expect(await scansOf('Observation?_count=2')).toBe(3);
  });
});
