import type { Command } from './command.js';

const config = { type: 'string' } as const;

/** Every command, by name. */
export const commands: Readonly<Record<string, Command>> = {
  serve: {
    usage: 'serve [--config FILE] [--port N]',
    summary: 'serve a configuration; without one, the demo of four hospitals; port 0 is any free port',
    options: { config, port: { type: 'string' } },
    arguments: 0,
    load: async () => (await import('./serve.js')).serve,
  },
  generate: {
    usage: 'generate [--seed N] [--patients N] [--out DIR]',
    summary: 'write the four hospital systems of the demo, the same bytes for the same seed',
    options: { seed: { type: 'string' }, patients: { type: 'string' }, out: { type: 'string' } },
    arguments: 0,
    load: async () => (await import('./generate.js')).generate,
  },
  check: {
    usage: 'check [--config FILE]',
    summary: 'check every mapping, its examples, and the live schema it meets',
    options: { config },
    arguments: 0,
    load: async () => (await import('./check.js')).check,
  },
  explain: {
    usage: "explain [--config FILE] 'Observation?patient=...'",
    summary: 'show the plan of a search: sources, native queries, what they answer and what remains',
    options: { config },
    arguments: 1,
    load: async () => (await import('./explain.js')).explain,
  },
};
