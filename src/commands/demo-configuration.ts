import { fileURLToPath } from 'node:url';
import type { Configuration } from '../config/configuration.js';
import { loadConfiguration } from '../config/load-configuration.js';
import { packageRoot } from '../fhir/package-root.js';
import { UsageError, type Values } from './command.js';

/** The configuration of `--demo`: `embedded` (the default), four hospitals in files, or `all`, with the sources on servers too. */
export function demoConfiguration({ demo = 'embedded' }: Values): Configuration {
  if (demo !== 'embedded' && demo !== 'all') throw new UsageError('--demo is embedded or all.');
  return loadConfiguration(fileURLToPath(new URL(`demo/${demo}.yaml`, packageRoot)));
}
