import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type DemoServer, startDemo } from '../support/demo-server.js';
import { explained, explainedTests } from '../support/explained-searches.js';

let demo: DemoServer;
beforeAll(async () => {
  demo = await startDemo({ seed: 7, patients: 400 });
}, 60_000);
afterAll(() => demo?.stop());

test('each kind of database that has indexes is asked ten searches', () => {
  const counts = new Map<string, number>();
  for (const { kind, searches } of explained) counts.set(kind, (counts.get(kind) ?? 0) + Object.keys(searches).length);
  expect(Object.fromEntries(counts)).toEqual({
    sqlite: 10,
    mysql: 10,
    postgres: 10,
    mongodb: 10,
    influxdb: 10,
    neo4j: 10,
  });
});

describe('SQLite uses an index wherever the hospital has one', () => {
  for (const one of explained) if (one.kind === 'sqlite') explainedTests(one, () => demo);
});
