import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Configuration } from '../config/configuration.js';
import { loadConfiguration } from '../config/load-configuration.js';
import { packageRoot } from '../fhir/package-root.js';
import type { Values } from './command.js';
import { generateDemo } from './generate.js';

/** The configuration of `--config`; without it the demo's, whose data are generated when none are there. */
export async function readConfiguration({ config }: Values): Promise<Configuration> {
  if (typeof config === 'string') return loadConfiguration(config);
  const demo = loadConfiguration(fileURLToPath(new URL('demo/embedded.yaml', packageRoot)));
  if (!demo.sources.some(({ location }) => existsSync(location))) {
    const out = fileURLToPath(new URL('data/', packageRoot));
    process.stdout.write(`Generating the demo's four hospitals in ${out}\n`);
    await generateDemo({ seed: 1, patients: 1000, out });
  }
  return demo;
}
