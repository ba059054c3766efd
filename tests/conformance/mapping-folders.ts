import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** The repository's own mapping folders, by the name of their source. */
export const mappingFolders = readdirSync(join(root, 'mappings'), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => ({ source: name, folder: join(root, 'mappings', name) }));

/** The JSON files of a folder below the repository's root, parsed. */
export function jsonFiles<T>(...path: readonly string[]): readonly { readonly file: string; readonly content: T }[] {
  const folder = join(root, ...path);
  return readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .sort()
    .map((file) => ({ file, content: JSON.parse(readFileSync(join(folder, file), 'utf8')) as T }));
}
