import { execFileSync } from 'node:child_process';
import { expect, test } from '@jest/globals';
import { type MatchCase, readCases } from '../../support/search-cases.js';

const table = readCases<MatchCase[]>('search-dates').flatMap(({ resource, cases }) =>
  Object.entries(cases).map(([search, matches]) => ({ resource, search, matches })),
);

const script = `
  import { readFileSync } from 'node:fs';
  import { searchParameters } from '#src/fhir/search-parameters.js';
  import { matcher } from '#src/query/matches.js';
  import { parse } from '#src/search/parse.js';
  const context = { baseUrl: 'http://h/fhir', now: new Date('2023-01-01T00:00:00Z'), maxCount: 100, defaultCount: 20, handling: 'none', supported: searchParameters };
  const matches = ({ resource, search }) =>
    parse(resource.resourceType, [...new URLSearchParams(search)], context).query.conditions
      .every((condition) => matcher(condition, resource.resourceType, context)(resource));
  const cases = JSON.parse(readFileSync(0, 'utf8'));
  console.log(JSON.stringify({ offset: new Date(2024, 0, 1).getTimezoneOffset(), answers: cases.map(matches) }));`;

test.each(['America/New_York', 'Asia/Kathmandu', 'Pacific/Kiritimati'])(
  "rule 3: date searches mean the same where the process's zone is %s",
  (TZ) => {
    const output = execFileSync(process.execPath, ['--input-type=module', '--eval', script], {
      cwd: new URL('../../..', import.meta.url),
      env: { ...process.env, TZ, NODE_OPTIONS: '' },
      input: JSON.stringify(table),
      encoding: 'utf8',
    });
    const { offset, answers } = JSON.parse(output) as { offset: number; answers: boolean[] };
    expect(offset).not.toBe(0);
    expect(table.map(({ search }, i) => `${search} -> ${answers[i]}`)).toEqual(
      table.map(({ search, matches }) => `${search} -> ${matches}`),
    );
  },
);
