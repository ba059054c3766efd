import type { Resource } from '@medplum/fhirtypes';
import { Fault } from '../../errors/fault.js';
import { refused, type WritableMapping } from './row.js';

/**
 * The mapping that a resource is created by: the one that can hold all of it, in the source that it names itself (`meta.source`), or
 * that the configuration names for its type. Never a guess: where several could, the answer says which.
 * @throws {Fault} `read-only`, `not-writable`, `unprocessable`
 */
export function chooseMapping(
  resource: Resource,
  mappings: readonly WritableMapping[],
  creates: Readonly<Record<string, string>>,
): WritableMapping {
  const { resourceType: type, meta } = resource;
  const offered = mappings.filter((mapping) => mapping.type === type && mapping.writer.create !== undefined);
  if (offered.length === 0) throw new Fault('read-only', `No source takes a new ${type}.`);
  const said = meta?.source?.startsWith('urn:healthsync:')
    ? meta.source.slice('urn:healthsync:'.length)
    : creates[type];
  const named = offered.filter(({ source }) => said === undefined || source === said);
  if (named.length === 0)
    throw new Fault('unprocessable', `Source ${said} takes no new ${type}; ${list(offered)} would.`, {
      expression: `${type}.meta.source`,
    });
  const asked = named.map((mapping) => ({ mapping, refusals: mapping.writer.ask(resource).refused }));
  const able = asked.filter(({ refusals }) => refusals.length === 0);
  if (able.length === 1) return able[0]!.mapping;
  if (able.length === 0) {
    const [nearest] = [...asked].sort((a, b) => a.refusals.length - b.refusals.length);
    throw refused(nearest!.mapping, nearest!.refusals);
  }
  const message = `Several could hold this ${type}: ${list(able.map(({ mapping }) => mapping))}. Name the source in meta.source (urn:healthsync:<source>).`;
  throw new Fault('unprocessable', message, { expression: `${type}.meta.source` });
}

function list(mappings: readonly WritableMapping[]): string {
  return [...new Set(mappings.map(({ source, name }) => `${source} (${name})`))].sort().join(', ');
}
