/** A folder of src imports only from lower ones; those of one level do not know each other. */
export const foldersByLevel: readonly (readonly string[])[] = [
  ['errors', 'telemetry'],
  ['config', 'fhir', 'source'],
  ['query', 'terminology', 'identity', 'adapters', 'download', 'patch', 'state'],
  ['search', 'mapping', 'validation'],
  ['access'],
  ['auth', 'plan'],
  ['execution'],
  ['bundle', 'check', 'export', 'scaffold'],
  ['interactions'],
  ['operations'],
  ['http'],
  ['openapi'],
  ['compose.ts'],
  ['commands'],
  ['main.ts'],
  ['portal'],
];

/** `src/plan/plan.ts` -> `plan`; `src/adapters/sqlite/driver.ts` -> `adapters/sqlite`; `src/main.ts` -> `main.ts`. */
export function folderOf(path: string): string {
  const [, first, second] = path.split('/');
  return first === 'adapters' ? `adapters/${second}` : first!;
}

/** May a file of src import another? */
export function mayImport(from: string, to: string): boolean {
  const [own, other] = [folderOf(from), folderOf(to)];
  if (own === other) return true;
  if (own === 'portal') return other === 'fhir';
  if (other === 'adapters/sql') return own.startsWith('adapters/');
  return level(other) < level(own);
}

function level(folder: string): number {
  const name = folder.startsWith('adapters/') ? 'adapters' : folder;
  return foldersByLevel.findIndex((folders) => folders.includes(name));
}
