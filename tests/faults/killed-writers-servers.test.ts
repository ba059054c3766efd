import { test } from '@jest/globals';
import { serverUrl } from '../support/server-url.js';
import { killWriters } from './killed-writers.js';

test.each([
  ['postgres', 'HEALTHSYNC_TEST_POSTGRES_URL'],
  ['mysql', 'HEALTHSYNC_TEST_MYSQL_URL'],
  ['mongodb', 'HEALTHSYNC_TEST_MONGODB_URL'],
  ['neo4j', 'HEALTHSYNC_TEST_NEO4J_URL'],
] as const)(
  '%s: whenever the server is killed, no acknowledged write is lost, none is made by half, and each is accounted for',
  (kind, variable) => killWriters(kind, serverUrl(variable)),
  3_600_000,
);
