import { test } from '@jest/globals';
import { serverUrl } from '../support/server-url.js';
import { killWriters } from './killed-writers.js';

test(
  'mysql: whenever the server is killed, no acknowledged write is lost, none is made by half, and each is accounted for',
  () => killWriters('mysql', serverUrl('HEALTHSYNC_TEST_MYSQL_URL')),
  3_600_000,
);
