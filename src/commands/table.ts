import type { Command } from './command.js';

const config = { type: 'string' } as const;
const json = { type: 'boolean' } as const;
const plan = { type: 'boolean' } as const;
const demo = { type: 'string' } as const;

/** Every command, by name. */
export const commands: Readonly<Record<string, Command>> = {
  serve: {
    usage: 'serve [--config FILE] [--demo NAME] [--port N]',
    summary: 'serve a configuration; without one, a demo: four hospitals, or all; port 0 is any free port',
    options: { config, demo, port: { type: 'string' } },
    arguments: 0,
    load: async () => (await import('./serve.js')).serve,
  },
  generate: {
    usage: 'generate [--demo NAME] [--seed N] [--patients N] [--out DIR]',
    summary: 'write the four hospitals of the demo, the same bytes for the same seed; all: fill its servers too',
    options: { demo, seed: { type: 'string' }, patients: { type: 'string' }, out: { type: 'string' } },
    arguments: 0,
    load: async () => (await import('./generate.js')).generate,
  },
  check: {
    usage: 'check [--config FILE] [--demo NAME] [--json]',
    summary: 'check every mapping, its examples, and the live schema it meets',
    options: { config, demo, json },
    arguments: 0,
    load: async () => (await import('./check.js')).check,
  },
  explain: {
    usage: "explain [--config FILE] [--demo NAME] [--json] [--plan] 'Observation?patient=...'",
    summary: 'show the plan of a search: sources, native queries, what they answer and what remains',
    options: { config, demo, json, plan },
    arguments: 1,
    load: async () => (await import('./explain.js')).explain,
  },
  links: {
    usage: 'links ACTION FILE [--config FILE] [--demo NAME]',
    summary: 'import, or remove, links that say who is whom in several sources',
    options: { config, demo },
    arguments: 2,
    load: async () => (await import('./links.js')).links,
  },
  openapi: {
    usage: 'openapi [--config FILE] [--demo NAME]',
    summary: 'write the OpenAPI 3.1 description of the endpoint',
    options: { config, demo },
    arguments: 0,
    load: async () => (await import('./openapi.js')).openapi,
  },
  scaffold: {
    usage: 'scaffold --adapter KIND --location URL [--out DIR]',
    summary: 'write a mapping folder from the live schema of a database: what names and types make certain',
    options: { adapter: { type: 'string' }, location: { type: 'string' }, out: { type: 'string' } },
    arguments: 0,
    load: async () => (await import('./scaffold.js')).scaffold,
  },
  writes: {
    usage: 'writes [--open] [--forget DAYS] [--config FILE] [--demo NAME]',
    summary: 'list every write as a Provenance; --open: those whose end is not known; --forget: let go of old records',
    options: { config, demo, open: { type: 'boolean' }, forget: { type: 'string' } },
    arguments: 0,
    load: async () => (await import('./writes.js')).writes,
  },
};
