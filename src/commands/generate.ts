import { resolve } from 'node:path';
import type { Run } from './command.js';
import { progressBar } from './progress-bar.js';
import { wholeNumber } from './whole-number.js';

/** `healthsync generate`: the four hospital systems of the demo, in their exact shapes. */
export const generate: Run = async (values) => {
  const out = resolve(typeof values.out === 'string' ? values.out : 'data');
  const seed = wholeNumber(values, 'seed', { min: 0, max: 2 ** 32 - 1 }) ?? 1;
  const patients = wholeNumber(values, 'patients', { min: 1, max: 790_000_000 }) ?? 1000;
  const { files } = await generateDemo({ seed, patients, out });
  for (const { path, bytes } of files) process.stdout.write(`${resolve(out, path)} ${bytes}\n`);
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
