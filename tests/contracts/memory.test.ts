import { openMemory } from '#src/adapters/memory/adapter.js';
import type { Cell } from '#src/source/row.js';
import { sourceContract } from './source.contract.js';
import { unwoundContract } from './unwound.contract.js';

sourceContract({
  name: 'memory',
  types: ['text', 'integer', 'number', 'any'],
  open: async (tables) => {
    const held = Object.fromEntries(
      tables.map(({ name, columns, rows }) => [name, { columns: columns.map((column) => column.name), rows }]),
    );
    return { adapter: openMemory(held), close: async () => {} };
  },
});

unwoundContract({
  name: 'memory',
  open: async (documents) => {
    const columns = Object.keys(documents[0]!);
    const rows = documents.map((document) => columns.map((name) => document[name] as Cell));
    return { adapter: openMemory({ people: { columns, rows } }), close: async () => {} };
  },
});
