import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Bundle, Resource } from '@medplum/fhirtypes';
import { root } from './source-tree.js';

const data = join(root, '../shared/data');
const folders = ['synthea-10/fhir', 'us-core-patients'];

/** The resources of the Synthea run and of the US Core patients, without the profiles that they claim. */
export function sampleResources(): readonly Resource[] {
  if (!existsSync(data)) throw new Error(`${data} is not there: the data belong beside the repository.`);
  return folders.flatMap((folder) =>
    readdirSync(join(data, folder))
      .filter((file) => file.endsWith('.json'))
      .sort()
      .flatMap((file) => resourcesOf(JSON.parse(readFileSync(join(data, folder, file), 'utf8')) as Resource))
      .map(withoutProfiles),
  );
}

/** One resource of each shape: of its type, with its elements, whatever their values. */
export function onePerShape(resources: readonly Resource[]): readonly Resource[] {
  const byShape = new Map<string, Resource>();
  for (const resource of resources) {
    const shape = `${resource.resourceType} ${[...new Set(pathsIn(resource))].sort().join(' ')}`;
    if (!byShape.has(shape)) byShape.set(shape, resource);
  }
  return [...byShape.values()];
}

function resourcesOf(resource: Resource): readonly Resource[] {
  return resource.resourceType === 'Bundle'
    ? ((resource as Bundle).entry ?? []).flatMap((entry) => entry.resource ?? [])
    : [resource];
}

function withoutProfiles(resource: Resource): Resource {
  if (!resource.meta?.profile) return resource;
  const { profile: _, ...meta } = resource.meta;
  const { meta: __, ...rest } = resource;
  return (Object.keys(meta).length === 0 ? rest : { ...rest, meta }) as Resource;
}

function pathsIn(value: unknown, at = ''): readonly string[] {
  if (Array.isArray(value)) return value.flatMap((each) => pathsIn(each, at));
  if (typeof value !== 'object' || value === null) return [at];
  return Object.entries(value).flatMap(([name, inner]) => pathsIn(inner, `${at}.${name}`));
}
