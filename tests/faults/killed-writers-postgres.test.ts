import { test } from '@jest/globals';
import { serverUrl } from '../support/server-url.js';
import { killWriters } from './killed-writers.js';

test(
  'postgres: whenever the server is killed, no acknowledged write is lost, none is made by half, and each is accounted for',
  () => killWriters('postgres', serverUrl('HEALTHSYNC_TEST_POSTGRES_URL')),
  3_600_000,
);
