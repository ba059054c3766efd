import { expect, test } from '@jest/globals';
import { Fault } from '#src/errors/fault.js';
import { errorClass } from '#src/telemetry/error-class.js';

test('a log names the classes of an error and its causes, never their words', () => {
  const driver = Object.assign(new Error('row 7: Ada'), { code: 'SQLITE_CORRUPT' });
  expect(errorClass(new Fault('source-corrupt', 'north', {}, { cause: driver }))).toBe(
    'Fault(source-corrupt) < Error(SQLITE_CORRUPT)',
  );
  expect(errorClass('Ada')).toBe('String');
  expect(errorClass(undefined)).toBe('');
});
