import type { Column, TableRelation } from '#src/source/relation.js';

const columns = (paths: Readonly<Record<string, string>>): Readonly<Record<string, Column>> =>
  Object.fromEntries(Object.entries(paths).map(([name, path]) => [name, { name, path: path.split('.') }]));

const table = (
  key: readonly string[],
  paths: Readonly<Record<string, string>>,
  unwind?: readonly string[],
): TableRelation => ({
  kind: 'table',
  name: 'people',
  key,
  columns: columns({ pid: 'pid', ...paths }),
  ...(unwind && { unwind: unwind.map((path) => path.split('.')) }),
});

const visit = 'record.visits';

/** People, their visits, what was prescribed at each, and notes that are texts: rows of one collection. */
export const relationOf = {
  people: table(['pid'], { phone: 'contact.phone', street: 'contact.street' }),
  visits: table(
    ['pid', 'visit'],
    { visit: `${visit}.id`, day: `${visit}.day`, count: `${visit}.count`, cost: `${visit}.cost` },
    [visit],
  ),
  medications: table(
    ['pid', 'visit', 'place'],
    {
      visit: `${visit}.id`,
      place: `${visit}.medications.$place`,
      name: `${visit}.medications.name`,
      dose: `${visit}.medications.dose`,
    },
    [visit, `${visit}.medications`],
  ),
  notes: table(['pid', 'place'], { note: 'notes', place: 'notes.$place' }, ['notes']),
} as const;
