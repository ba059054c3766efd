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

test('what a driver gives for a code is said only when it can be one', () => {
  const failed = (code: unknown) => errorClass(Object.assign(new Error('gone'), { code }));
  expect(['ECONNREFUSED', '22P02', 'Neo.ClientError.Security.Unauthorized'].map(failed)).toEqual([
    'Error(ECONNREFUSED)',
    'Error(22P02)',
    'Error(Neo.ClientError.Security.Unauthorized)',
  ]);
  expect(['Duplicate entry Ada', '1960-01-01', 'x'.repeat(61), 7].map(failed)).toEqual(Array(4).fill('Error'));
  expect(errorClass(Object.create(null))).toBe('Object');
});
