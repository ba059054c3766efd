import { createHash } from 'node:crypto';
import type {
  CapabilityStatement,
  CapabilityStatementRestResource,
  CapabilityStatementRestResourceSearchParam,
} from '@medplum/fhirtypes';
import type { TypeCapability } from '../execution/engine.js';
import type { SearchParameter } from '../fhir/search-parameters.js';
import { modifiers } from '../search/modifiers.js';
import { type Dependencies, type Interaction, interactionsOf } from './interaction.js';

export interface Server {
  readonly baseUrl: string;
  readonly version: string;
  /** When what it does last changed: when it started. */
  readonly date: Date;
  readonly formats: readonly string[];
}

/** The statement and the version of its content, made when first asked for. */
export function createCapabilities(...from: Parameters<typeof capabilityStatement>): Dependencies['capabilities'] {
  let made: ReturnType<Dependencies['capabilities']> | undefined;
  return () => {
    if (!made) {
      const statement = capabilityStatement(...from);
      // The date of the start is not content.
      const content = JSON.stringify({ ...statement, date: undefined });
      made = { statement, version: createHash('sha256').update(content).digest('hex').slice(0, 16) };
    }
    return made;
  };
}

/** The CapabilityStatement, built from the tables that drive behaviour and nothing else. https://hl7.org/fhir/R4/capabilitystatement.html */
export function capabilityStatement(
  { baseUrl, version, date, formats }: Server,
  types: ReadonlyMap<string, TypeCapability>,
  interactions: readonly Pick<Interaction, 'name' | 'code' | 'level' | 'type' | 'offered' | 'operation'>[],
): CapabilityStatement {
  return {
    resourceType: 'CapabilityStatement',
    name: 'HealthSync',
    title: 'HealthSync',
    status: 'active',
    date: date.toISOString(),
    kind: 'instance',
    software: { name: 'HealthSync', version },
    implementation: { description: 'One FHIR API in front of the databases that hospitals already run', url: baseUrl },
    fhirVersion: '4.0.1',
    format: [...formats],
    rest: [
      {
        mode: 'server',
        documentation:
          'What can be written depends on the source: each says by its answer what it cannot hold. There is no sign-in yet: only this machine, or a network that the configuration names, may ask.',
        interaction: [{ code: 'batch' }, { code: 'transaction' }],
        resource: [...types.values()]
          .sort((a, b) => (a.type < b.type ? -1 : 1))
          .map((capability) => restResource(capability, interactionsOf(capability, interactions))),
      },
    ],
  };
}

type Code = 'read' | 'vread' | 'search-type' | 'create' | 'update' | 'patch' | 'delete';

function restResource(
  capability: TypeCapability,
  offered: readonly Pick<Interaction, 'name' | 'code' | 'operation'>[],
): CapabilityStatementRestResource {
  const codes = offered.filter(({ operation }) => !operation).map(({ name, code }) => (code ?? name) as Code);
  const operations = new Map(offered.flatMap(({ name, operation }) => (operation ? [[name, operation] as const] : [])));
  const { type, parameters, include, revinclude, targets, profiles, versioned, sortable, writes } = capability;
  const documentation = [
    ...(sortable.size > 0 ? [`_sort: ${[...sortable].sort().join(', ')}`] : []),
    ...(revinclude.length > 0 ? [`_has: ${revinclude.join(', ')}`] : []),
  ].join('. ');
  return {
    type: type as CapabilityStatementRestResource['type'],
    ...(profiles.length > 0 && { supportedProfile: [...profiles] }),
    ...(documentation !== '' && { documentation }),
    interaction: codes.map((code) => ({ code })),
    ...(operations.size > 0 && {
      operation: [...operations].map(([name, definition]) => ({ name, definition })),
    }),
    versioning: versioned ? 'versioned' : 'no-version',
    readHistory: false,
    updateCreate: writes.updateCreates,
    conditionalCreate: writes.create,
    conditionalRead: versioned ? (parameters.has('_lastUpdated') ? 'full-support' : 'not-match') : 'not-supported',
    conditionalUpdate: writes.update,
    conditionalDelete: writes.delete ? 'single' : 'not-supported',
    referencePolicy: ['literal', 'logical'],
    ...(include.length > 0 && { searchInclude: [...include] }),
    ...(revinclude.length > 0 && { searchRevInclude: [...revinclude] }),
    ...(parameters.size > 0 && {
      searchParam: [...parameters.values()].sort(byCode).map((each) => searchParam(each, targets.get(each.code))),
    }),
  };
}

/** `chained`: the types that its references lead to, whose parameters may follow it. */
function searchParam(
  { code, url, type }: SearchParameter,
  chained: readonly string[] = [],
): CapabilityStatementRestResourceSearchParam {
  const documentation = [
    ...(modifiers[type].length > 0
      ? [`Modifiers: ${modifiers[type].map((modifier) => `:${modifier}`).join(' ')}`]
      : []),
    ...(chained.length > 0 ? [`Chains: ${chained.join(', ')}`] : []),
  ].join('. ');
  return {
    name: code,
    definition: url,
    type: type as CapabilityStatementRestResourceSearchParam['type'],
    ...(documentation !== '' && { documentation }),
  };
}

function byCode(a: SearchParameter, b: SearchParameter): number {
  return a.code < b.code ? -1 : 1;
}
