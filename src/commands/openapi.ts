import { readFileSync } from 'node:fs';
import type { Configuration } from '../config/configuration.js';
import { loadConfiguration } from '../config/load-configuration.js';
import { capabilitiesOf } from '../execution/capabilities.js';
import { compileSource } from '../execution/create-engine.js';
import { packageRoot } from '../fhir/package-root.js';
import { exampleIds } from '../identity/stored-ids.js';
import { loadMappings } from '../mapping/load-folder.js';
import { openapiDocument } from '../openapi/document.js';
import { printJson } from '../openapi/print-json.js';
import { everything as interactions } from '../operations/table.js';
import { type Run, UsageError } from './command.js';
import { demoConfiguration } from './demo-configuration.js';

/** `healthsync openapi`: describes the endpoint of a configuration, without one that of a demo. No source is opened. */
export const openapi: Run = async (values) => {
  const { config, demo } = values;
  if (typeof config === 'string' && demo !== undefined)
    throw new UsageError('It describes a configuration or a demo, not both.');
  const configuration = typeof config === 'string' ? loadConfiguration(config) : demoConfiguration(values);
  process.stdout.write(`${printJson(await describe(configuration))}\n`);
  return 0;
};

async function describe({ server, sources }: Configuration) {
  const baseUrl = server.baseUrl ?? `http://${server.host}:${server.port}/fhir`;
  const compiled = await Promise.all(
    sources.map(async (source) =>
      compileSource({ ...source, mappings: await loadMappings(source.mappings) }, baseUrl, exampleIds()),
    ),
  );
  const { version } = JSON.parse(readFileSync(new URL('package.json', packageRoot), 'utf8')) as {
    readonly version: string;
  };
  const types = capabilitiesOf(compiled.flat(), new Set(sources.filter(({ write }) => write).map(({ name }) => name)));
  return openapiDocument({ baseUrl, version, interactions, types, maxCount: server.limits.count.max });
}
