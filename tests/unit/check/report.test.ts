import { expect, test } from '@jest/globals';
import type { Finding } from '#src/check/finding.js';
import { report } from '#src/check/report.js';

test('findings stand by source, severity and kind; what is said alike is said once', () => {
  const finding = (of: Partial<Finding>): Finding => ({
    severity: 'warning',
    kind: 'no-example',
    source: 'a',
    place: 'examples/',
    message: 'has no example.',
    ...of,
  });
  const findings = [
    finding({ mapping: 'x' }),
    finding({ severity: 'error', kind: 'type-error', place: 'x.ts:3', message: 'wrong' }),
    finding({ mapping: 'y' }),
  ];
  expect(
    report([
      { source: 'a', mappings: 2, findings },
      { source: 'b', mappings: 1, findings: [] },
    ]),
  ).toBe(
    [
      'a: 2 mappings, 1 error, 2 warnings, 0 to know',
      '  errors',
      '    type-error',
      '      x.ts:3: wrong',
      '  warnings',
      '    no-example',
      '      examples/ (x, y): has no example.',
      '',
      'b: 1 mappings, 0 errors, 0 warnings, 0 to know',
      '',
      '2 sources, 3 mappings: 1 error, 2 warnings, 0 to know.',
      '',
    ].join('\n'),
  );
});
