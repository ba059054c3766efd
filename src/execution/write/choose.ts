import type { Resource } from '@medplum/fhirtypes';
import { Fault } from '../../errors/fault.js';
import type { Asked } from '../../mapping/write/writer.js';
import { refused, type WritableMapping } from './row.js';

/** A mapping, and what a resource asks of it. */
export interface Chosen {
  readonly mapping: WritableMapping;
  readonly asked: Asked;
}

/**
 * The mapping that a resource is created by: the one that can hold all of it, in the source that it names itself (`meta.source`), or
 * that the configuration names for its type. Never a guess: where several could, the answer says which.
 * @throws {Fault} `read-only`, `not-writable`, `unprocessable`
 */
export function chooseMapping(
  resource: Resource,
  mappings: readonly WritableMapping[],
  creates: Readonly<Record<string, string>>,
): Chosen {
  const { resourceType: type } = resource;
  const offered = mappings.filter((mapping) => mapping.type === type && mapping.writer.create !== undefined);
  if (offered.length === 0) throw new Fault('read-only', `No source takes a new ${type}.`);
  const said = sourceSaid(resource, creates[type]);
  const named = offered.filter(({ source }) => said === undefined || source === said);
  if (named.length === 0)
    throw new Fault('unprocessable', `Source ${said} takes no new ${type}; ${list(offered)} would.`, {
      expression: `${type}.meta.source`,
    });
  const all = named.map((mapping) => ({ mapping, asked: mapping.writer.ask(resource) }));
  const able = all.filter(({ asked }) => asked.refused.length === 0);
  if (able.length === 1) return able[0]!;
  if (able.length === 0) {
    const [nearest] = [...all].sort((a, b) => a.asked.refused.length - b.asked.refused.length);
    throw refused(nearest!.mapping, nearest!.asked.refused);
  }
  const message = `Several could hold this ${type}: ${list(able.map(({ mapping }) => mapping))}. Name the source in meta.source (urn:healthsync:<source>).`;
  throw new Fault('unprocessable', message, { expression: `${type}.meta.source` });
}

/** The source that a resource names itself, else the one that its type is created in. */
export function sourceSaid({ meta }: Resource, otherwise: string | undefined): string | undefined {
  const prefix = 'urn:healthsync:';
  return meta?.source?.startsWith(prefix) ? meta.source.slice(prefix.length) : otherwise;
}

function list(mappings: readonly WritableMapping[]): string {
  return [...new Set(mappings.map(({ source, name }) => `${source} (${name})`))].sort().join(', ');
}
