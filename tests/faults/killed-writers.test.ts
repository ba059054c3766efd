import { test } from '@jest/globals';
import { killWriters } from './killed-writers.js';

test.each(['sqlite', 'csv', 'json'] as const)(
  '%s: whenever the server is killed, no acknowledged write is lost, none is made by half, and each is accounted for',
  (kind) => killWriters(kind, ''),
  3_600_000,
);
