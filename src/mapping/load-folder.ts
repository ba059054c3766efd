import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ConceptMap } from '@medplum/fhirtypes';
import { createJiti } from 'jiti';
import { Fault } from '../errors/fault.js';
import { packageRoot } from '../fhir/package-root.js';
import { type Translation, translation } from '../terminology/translation.js';
import type { Mapping } from './define.js';
import * as language from './index.js';

/** A vendor's folder: every mapping that its top-level modules export, and the translations they may name. */
export interface MappingFolder {
  readonly folder: string;
  readonly mappings: readonly Mapping[];
  readonly conceptMaps: ReadonlyMap<string, Translation>;
}

/**
 * Loads a mapping folder, which may lie outside the package: its modules import `healthsync/mapping` and get this very
 * module. ConceptMaps are those of `profiles/concept-maps` and of the folder's own `codes/`.
 * @throws {Fault} `mapping` naming the file.
 */
export async function loadMappings(folder: string): Promise<MappingFolder> {
  const load = loader();
  const mappings: Mapping[] = [];
  for (const file of await files(folder, /\.(ts|mts|js|mjs)$/)) {
    const module = await load(join(folder, file)).catch((cause: unknown) => {
      const word = (cause as { readonly message?: unknown } | undefined)?.message ?? String(cause);
      throw new Fault('mapping', `Mapping file ${file} of ${folder} cannot be loaded: ${word}`, {}, { cause });
    });
    for (const exported of Object.values(module))
      if (isMapping(exported) && !mappings.includes(exported)) mappings.push(exported);
  }
  if (mappings.length === 0) throw new Fault('mapping', `Folder ${folder} exports no mapping.`);
  const repeated = mappings.find((mapping, i) =>
    mappings.some((other, j) => j < i && other.definition.name === mapping.definition.name),
  );
  if (repeated)
    throw new Fault('mapping', `Folder ${folder} has two mappings of the name ${repeated.definition.name}.`);
  return { folder, mappings, conceptMaps: await loadConceptMaps(folder) };
}

type Module = Readonly<Record<string, unknown>>;

/**
 * The package's own mappings come from its build, while that is not older than they are; any other TypeScript is transpiled in
 * memory (a cache on disk would be a place to plant code).
 */
function loader(): (file: string) => Promise<Module> {
  let jiti: ReturnType<typeof createJiti> | undefined;
  return async (file) => {
    const built = await builtOf(file);
    if (built !== undefined) return (await import(built)) as Module;
    jiti ??= createJiti(import.meta.url, {
      virtualModules: { 'healthsync/mapping': language },
      interopDefault: false,
      fsCache: false,
    });
    return jiti.import<Module>(file);
  };
}

const own = new URL('mappings/', packageRoot);
const build = new URL('dist/mappings/', packageRoot);

async function builtOf(file: string): Promise<string | undefined> {
  const url = pathToFileURL(file).href;
  if (!url.startsWith(own.href) || !url.endsWith('.ts')) return undefined;
  const built = new URL(url.slice(own.href.length).replace(/\.ts$/, '.js'), build);
  const changed = async (path: string | URL) => (await stat(path)).mtimeMs;
  try {
    return (await changed(built)) >= (await changed(file)) ? built.href : undefined;
  } catch {
    return undefined;
  }
}

async function loadConceptMaps(folder: string): Promise<ReadonlyMap<string, Translation>> {
  const maps = new Map<string, Translation>();
  for (const from of [new URL('profiles/concept-maps/', packageRoot).pathname, join(folder, 'codes')]) {
    for (const file of await files(from, /\.json$/)) {
      const resource = JSON.parse(await readFile(join(from, file), 'utf8')) as ConceptMap;
      if (resource.resourceType === 'ConceptMap') maps.set(resource.url ?? file, translation(resource));
    }
  }
  return maps;
}

async function files(folder: string, pattern: RegExp): Promise<readonly string[]> {
  const names = await readdir(folder).catch((cause: { code?: string }) => {
    if (cause.code === 'ENOENT') return [];
    throw cause;
  });
  return names.filter((name) => pattern.test(name) && !name.endsWith('.d.ts')).sort();
}

function isMapping(value: unknown): value is Mapping {
  return typeof value === 'object' && value !== null && (value as { kind?: unknown }).kind === 'mapping';
}
