import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, isAbsolute, join, relative, resolve } from 'node:path';
import { stringify } from 'yaml';
import type { SourceConfiguration } from '../config/configuration.js';
import { checkConfiguration, loadConfiguration } from '../config/load-configuration.js';
import { type Run, UsageError } from './command.js';

const adapters = ['sqlite', 'mysql', 'postgres', 'mongodb', 'duckdb'];

/** Milliseconds that one question to the source may take: whole columns may be read. */
const timeoutMs = 60_000;

/** `healthsync scaffold`: a mapping folder from the live schema of a database. Ends with 1 when no table of it is certain. */
export const scaffold: Run = async ({ adapter, location, out }) => {
  if (typeof adapter !== 'string' || !adapters.includes(adapter))
    throw new UsageError(`--adapter is one of ${adapters.join(', ')}.`);
  if (typeof location !== 'string' || location === '') throw new UsageError('--location is a file, a folder or a URL.');
  const folder = resolve(typeof out === 'string' ? out : nameOf(location));
  const source = nameOf(folder);
  const secret = withoutPassword(location, `${source.replaceAll('-', '_').toUpperCase()}_PASSWORD`);
  const mappings = { mappings: '.' };
  const configured = await configure({ name: source, adapter, location, mappings: folder });
  const { openSource } = await import('../compose.js');
  const { scaffold: write } = await import('../scaffold/scaffold.js');
  const opened = await openSource(configured);
  try {
    const served = isUrl(location) ? secret.location : fromFolder(folder, location);
    const { served: made, left } = await write(opened, {
      source,
      out: folder,
      configuration: stringify({ sources: [{ name: source, adapter, location: served, ...mappings }] }),
      ...(secret.variable !== undefined && { variable: secret.variable }),
      call: () => ({ signal: new AbortController().signal, deadline: performance.now() + timeoutMs }),
    });
    for (const { type, table, decisions } of made)
      process.stdout.write(`${type} from ${table}${decisions > 0 ? `, ${decisions} to decide` : ''}\n`);
    for (const { table, reason } of left) process.stdout.write(`nothing from ${table}: ${reason}\n`);
    if (made.length === 0) {
      process.stderr.write('healthsync: no table is certain: nothing was written.\n');
      return 1;
    }
    process.stdout.write(`\nWritten to ${folder}. Next:\n`);
    if (secret.variable !== undefined) process.stdout.write(`  export ${secret.variable}=...\n`);
    for (const command of ['check', 'serve'])
      process.stdout.write(`  healthsync ${command} --config ${join(folder, 'healthsync.yaml')}\n`);
    return 0;
  } finally {
    await opened.close();
  }
};

/** The name of a source, by a file, a folder or the database of a URL. */
function nameOf(location: string): string {
  const path = isUrl(location)
    ? location.replace(/[?#].*$/s, '').replace(/^[a-z][a-z0-9+.-]*:\/\/[^/]*/i, '')
    : location;
  const name = basename(path)
    .replace(/\.[a-z0-9]+$/i, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 20)
    .replace(/^-+|-+$/g, '');
  return name || 'source';
}

function isUrl(location: string): boolean {
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(location);
}

function fromFolder(folder: string, location: string): string {
  return isAbsolute(location) ? location : relative(folder, resolve(location)) || '.';
}

/** A password in a URL is not written down: a variable of the environment stands in its place. */
function withoutPassword(
  location: string,
  variable: string,
): { readonly location: string; readonly variable?: string } {
  const match = /^([a-z][a-z0-9+.-]*:\/\/[^:@/]*:)([^@/]+)(@.*)$/is.exec(location);
  if (!match || !isUrl(location) || match[2]!.includes('${')) return { location };
  return { location: `${match[1]}\${${variable}}${match[3]}`, variable };
}

/** The source as `serve` would configure it; `${NAME}` in the location is taken from the environment. */
async function configure(source: Readonly<Record<string, string>>): Promise<SourceConfiguration> {
  const location = source.location!;
  const document = {
    sources: [{ ...source, location: isUrl(location) ? location : resolve(location), timeoutMs }],
  };
  if (!location.includes('${')) return checkConfiguration(document, resolve('healthsync.yaml')).sources[0]!;
  const temporary = await mkdtemp(join(tmpdir(), 'healthsync-scaffold-'));
  try {
    const file = join(temporary, 'healthsync.yaml');
    await writeFile(file, stringify(document));
    return loadConfiguration(file).sources[0]!;
  } finally {
    await rm(temporary, { recursive: true });
  }
}
