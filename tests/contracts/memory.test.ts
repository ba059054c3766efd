import { openMemory } from '#src/adapters/memory/adapter.js';
import { sourceContract } from './source.contract.js';

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
