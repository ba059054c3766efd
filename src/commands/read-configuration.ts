import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Configuration } from '../config/configuration.js';
import { loadConfiguration } from '../config/load-configuration.js';
import { packageRoot } from '../fhir/package-root.js';
import { UsageError, type Values } from './command.js';
import { demoConfiguration } from './demo-configuration.js';
import { generateDemo } from './generate.js';

/**
 * The configuration of `--config`; without it that of a demo, `embedded` where `--demo` names none. The hospitals in files are
 * generated when none are there; servers are filled by `healthsync generate --demo all` alone.
 */
export async function readConfiguration(values: Values): Promise<Configuration> {
  const { config } = values;
  if (typeof config === 'string') {
    if (values.demo !== undefined) throw new UsageError('It serves a configuration or a demo, not both.');
    return loadConfiguration(config);
  }
  const configuration = demoConfiguration(values);
  if (!configuration.sources.some(({ location }) => existsSync(location))) {
    const out = fileURLToPath(new URL('data/', packageRoot));
    process.stdout.write(`Generating the demo's four hospitals in ${out}\n`);
    await generateDemo({ seed: 1, patients: 1000, out });
  }
  return configuration;
}
