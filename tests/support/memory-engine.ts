import type { Resource } from '@medplum/fhirtypes';
import { Fault, type Issue } from '#src/errors/fault.js';
import type { Engine, RunOptions, TypeCapability } from '#src/execution/engine.js';
import { searchParameters } from '#src/fhir/search-parameters.js';
import { noLinks } from '#src/identity/links.js';
import { matches } from '#src/query/matches.js';

export interface MemoryEngineOptions {
  readonly baseUrl: string;
  readonly resources: readonly Resource[];
  /** Said beside every answer. */
  readonly issues?: readonly Issue[];
  /** Runs before every answer: a place to fail or to wait. */
  readonly before?: (options: RunOptions) => Promise<void> | void;
}

const searchable = [
  '_id',
  'identifier',
  'family',
  'given',
  'name',
  'birthdate',
  'gender',
  'active',
  'general-practitioner',
  'code',
  'subject',
  'patient',
  'value-quantity',
];

/** An engine over a list of resources: what the HTTP side sees of the real one, and no more. */
export function memoryEngine({ baseUrl, resources, issues = [], before = () => {} }: MemoryEngineOptions): Engine {
  const types = new Map<string, TypeCapability>();
  for (const { resourceType: type } of resources) {
    const parameters = new Map([...searchParameters(type)].filter(([code]) => searchable.includes(code)));
    types.set(type, {
      type,
      parameters,
      sortable: new Set([...parameters.keys()].filter((code) => code === '_id' || code === 'birthdate')),
      include: type === 'Observation' ? ['Observation:subject'] : [],
      revinclude: type === 'Patient' ? ['Observation:subject'] : [],
      targets: new Map(type === 'Observation' ? [['subject', ['Patient']]] : []),
      profiles: [],
      writes: { create: false, update: false, updateCreates: false, delete: false },
      versioned: true,
    });
  }
  return {
    types,
    async read({ type, id }, options) {
      await before(options);
      const resource = resources.find((each) => each.resourceType === type && each.id === id);
      if (!resource) throw new Fault('not-found', `${type}/${id} is not known.`);
      return { resource, issues };
    },
    settle: async () => 0,
    referring: async () => [],
    async write() {
      throw new Fault('read-only', 'Nothing is written here.');
    },
    async search(query, options) {
      await before(options);
      const offset = query.cursor === undefined ? 0 : offsetOf(query.cursor);
      const all = resources.filter(
        (each) =>
          each.resourceType === query.type &&
          query.conditions.every((condition) => matches(each, condition, { baseUrl })),
      );
      const found = all.slice(offset, offset + query.count);
      const wanted = new Set(
        query.include.length === 0
          ? []
          : found.flatMap((each) => ('subject' in each ? [(each.subject as { reference?: string }).reference] : [])),
      );
      return {
        matches: found,
        included: resources.filter((each) => wanted.has(`${each.resourceType}/${each.id}`)),
        ...(query.total !== 'none' && { total: all.length }),
        ...(offset + query.count < all.length && {
          next: Buffer.from(String(offset + query.count)).toString('base64url'),
        }),
        issues,
      };
    },
    explain: () => Promise.reject(new Error('not here')),
    startedAt: () => undefined,
    links: noLinks,
    keySpaces: new Map(),
    unreachable: () => Promise.resolve([]),
    close: () => Promise.resolve(),
  };
}

function offsetOf(cursor: string): number {
  const offset = Number(Buffer.from(cursor, 'base64url').toString());
  if (!Number.isInteger(offset))
    throw new Fault('invalid-cursor', 'This cursor was not made here.', { expression: 'http._cursor' });
  return offset;
}
