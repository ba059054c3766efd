import type { TypeCapability } from '../execution/engine.js';
import { type Interaction, interactionsOf } from '../interactions/interaction.js';
import { Components } from './components.js';
import type { JsonObject } from './json.js';
import { operations } from './operations.js';

export interface Described {
  /** Without a slash at its end. */
  readonly baseUrl: string;
  readonly version: string;
  readonly interactions: readonly Interaction[];
  readonly types: ReadonlyMap<string, TypeCapability>;
  /** Matches on a page. */
  readonly maxCount: number;
}

/**
 * What a server offers as an OpenAPI 3.1 document (https://spec.openapis.org/oas/v3.1.1.html), from the tables that drive it: each
 * route of each interaction, at system level once, else once for each type.
 */
export function openapiDocument({ baseUrl, version, interactions, types, maxCount }: Described): JsonObject {
  const components = new Components();
  const paths = new Map<string, JsonObject>();
  const names = [...types.keys()].sort();
  for (const interaction of interactions) {
    const { name, level, routes } = interaction;
    const offered = names.filter((type) => interactionsOf(types.get(type)!, interactions).includes(interaction));
    for (const route of routes) {
      const { method, path } = route;
      for (const type of level === 'system' ? [''] : offered) {
        const at = path.replace(':type', type).replace(/:([a-z]+)/g, '{$1}');
        const operation = operations[name](type, route, { types, maxCount, components });
        paths.set(at, { ...paths.get(at), [method.toLowerCase()]: operation });
      }
    }
  }
  return {
    openapi: '3.1.1',
    info: { title: 'HealthSync', version, license: { name: 'Apache-2.0', identifier: 'Apache-2.0' }, description },
    servers: [{ url: baseUrl }],
    paths: Object.fromEntries([...paths].sort(([a], [b]) => (a < b ? -1 : 1))),
    components: components.toJson(),
  };
}

const description = [
  'FHIR R4 over databases that lie elsewhere: they are read and searched, and written as far as each says so. https://hl7.org/fhir/R4/http.html',
  'HEAD is answered wherever GET is, without the content. https://hl7.org/fhir/R4/http.html#head',
  'A parameter of a search may be repeated: all its occurrences must match; commas within one join values of which one must match. A parameter without value is passed over.',
  'Beside the parameters that are listed, a search takes chains of one reference (`subject:Patient.family=...`, `_has:Observation:subject:code=...`).',
  'The link `next` of a page leads to the page after it; it is followed as it stands, since its `_cursor` is sealed.',
  'What Node itself cannot read as HTTP is answered with 400, 405, 408 or 431 and an OperationOutcome before it is a request of this description.',
].join('\n\n');
