import { expect, test } from '@jest/globals';
import { openNeo4j } from '#src/adapters/neo4j/adapter.js';

test('a location that is no Bolt address is refused', () => {
  for (const location of ['graph.db', 'http://127.0.0.1:7474', 'bolt://'])
    expect(() => openNeo4j({ name: 'graph', location, timeoutMs: 1_000 })).toThrow(/needs a location such as bolt:/);
});

test('opening needs no server', async () => {
  for (const location of [
    'bolt://a:b@127.0.0.1:1/graph',
    'neo4j+s://127.0.0.1:1',
    'bolt+ssc://us%40er:p%3Aw@127.0.0.1:1',
  ])
    await openNeo4j({ name: 'graph', location, timeoutMs: 1_000 }).close();
});
