import { resolve } from 'node:path';
import type { Run } from './command.js';
import { demoConfiguration } from './demo-configuration.js';
import { progressBar } from './progress-bar.js';
import { wholeNumber } from './whole-number.js';

/** `healthsync generate`: the systems of the demo, in their exact shapes. */
export const generate: Run = async (values) => {
  const out = resolve(typeof values.out === 'string' ? values.out : 'data');
  const seed = wholeNumber(values, 'seed', { min: 0, max: 2 ** 32 - 1 }) ?? 1;
  const patients = wholeNumber(values, 'patients', { min: 1, max: 790_000_000 }) ?? 1000;
  // Before anything is written: a variable of the environment may be missing.
  const { sources } = demoConfiguration(values);
  const { files } = await generateDemo({ seed, patients, out });
  for (const { path, bytes } of files) process.stdout.write(`${resolve(out, path)} ${bytes}\n`);
  const servers = sources.filter(({ location }) => location.includes('://'));
  if (servers.length === 0) return 0;
  const { rows, file } = await generateOnServers({
    seed,
    patients,
    out,
    servers: Object.fromEntries(servers.map(({ name, location }) => [name, location])),
  });
  for (const [source, count] of Object.entries(rows)) process.stdout.write(`${source} ${count}\n`);
  process.stdout.write(`${resolve(out, file.path)} ${file.bytes}\n`);
  return 0;
};

/** Writes the demo data to a folder, with a bar on a terminal. The generator is loaded only here. */
export async function generateDemo(request: {
  readonly seed: number;
  readonly patients: number;
  readonly out: string;
}) {
  const demo = await import('../../demo/generate.js');
  const bar = progressBar(process.stderr);
  try {
    return await demo.generate({ ...request, onProgress: ({ done, total, source }) => bar.show(done, total, source) });
  } finally {
    bar.end();
  }
}

/** Fills the servers of the demo, with a bar on a terminal. */
async function generateOnServers(request: {
  readonly seed: number;
  readonly patients: number;
  readonly out: string;
  readonly servers: Readonly<Record<string, string>>;
}) {
  const demo = await import('../../demo/generate-servers.js');
  const bar = progressBar(process.stderr);
  try {
    return await demo.generateServers({
      ...request,
      onProgress: ({ done, total, source, rows }) => bar.show(done, total, `${source} ${rows}`),
    });
  } finally {
    bar.end();
  }
}
