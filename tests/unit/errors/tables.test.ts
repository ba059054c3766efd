import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { Fault, type FaultCode } from '#src/errors/fault.js';
import { issueTypes, outcome, outcomeOf } from '#src/errors/outcome.js';
import { retryAfter, statuses } from '#src/http/status.js';

const root = new URL('../../../', import.meta.url);

/** The closed list, read from its source: a union type is gone from the build. */
const codes = [
  ...readFileSync(new URL('src/errors/fault.ts', root), 'utf8')
    .split(';')[0]!
    .matchAll(/\| '([a-z-]+)'/g),
].map(([, code]) => code!);
const documented = [
  ...readFileSync(new URL('docs/errors.md', root), 'utf8').matchAll(
    /^\| `([a-z-]+)` +\| (\d+) +\| `([a-z-]+)` +\| (\S.*) \|$/gm,
  ),
];

/** https://hl7.org/fhir/R4/valueset-issue-type.html */
const r4IssueTypes =
  'invalid structure required value invariant security login unknown expired forbidden suppressed processing not-supported duplicate multiple-matches not-found deleted too-long code-invalid extension too-costly business-rule conflict transient lock-error no-store exception timeout incomplete throttled informational'.split(
    ' ',
  );

test('each failure is in both tables and in docs/errors.md, and nothing else is', () => {
  expect(codes.length).toBeGreaterThan(20);
  expect(Object.keys(statuses).sort()).toEqual([...codes].sort());
  expect(Object.keys(issueTypes).sort()).toEqual([...codes].sort());
  expect(documented.map(([, code]) => code).sort()).toEqual([...codes].sort());
});

test.each(documented.map(([, code, status, type]) => [code as FaultCode, Number(status), type!] as const))(
  'rule 90: %s is %i with the issue type %s, as documented',
  (code, status, type) => {
    expect(statuses[code]).toBe(status);
    expect(issueTypes[code]).toBe(type);
    expect(r4IssueTypes).toContain(type);
    expect(retryAfter[code] === undefined || status === 503).toBe(true);
  },
);

describe('OperationOutcome', () => {
  test('a source and an expression are named where they are known', () => {
    const issue = { severity: 'warning', code: 'source-timeout', message: 'north did not answer in time.' } as const;
    expect(outcome([{ ...issue, place: { source: 'north', expression: 'http.code' } }])).toEqual({
      resourceType: 'OperationOutcome',
      issue: [
        {
          severity: 'warning',
          code: 'timeout',
          details: {
            coding: [
              { system: 'urn:healthsync:fault', code: 'source-timeout' },
              { system: 'urn:healthsync:source', code: 'north' },
            ],
          },
          diagnostics: 'north did not answer in time.',
          expression: ['http.code'],
        },
      ],
    });
    expect(outcome([{ ...issue, place: {} }]).issue?.[0]).not.toHaveProperty('expression');
  });

  test('rule 90: what is not a Fault says nothing of itself', () => {
    for (const error of [
      new Error('near "SELECT": syntax error'),
      new TypeError('SELECT'),
      'SELECT',
      undefined,
      null,
    ]) {
      expect(outcomeOf(error).issue).toMatchObject([{ severity: 'error', code: 'exception' }]);
      expect(JSON.stringify(outcomeOf(error))).not.toContain('SELECT');
    }
  });

  test('a cause stays inside', () => {
    const fault = new Fault(
      'source-corrupt',
      'north cannot be read.',
      { source: 'north' },
      { cause: new Error('row 7: Ada') },
    );
    expect(JSON.stringify(outcomeOf(fault))).not.toContain('Ada');
  });
});
