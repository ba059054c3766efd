import type { Adapter, Call } from '../source/adapter.js';
import { held } from './foreign-key.js';
import { keysOf } from './key.js';
import { type Kind, kindOf, namesRowOf, rowNouns } from './kind.js';
import type { SurveyedColumn, SurveyedTable } from './survey.js';
import { plain, slug, variable } from './words.js';

/** A table whose rows are known to be something, and that has a key. */
export interface Planned {
  readonly table: SurveyedTable;
  readonly kind: Kind;
  /** Its name in `source.ts`. */
  readonly variable: string;
  /** Its name in identifiers, files and mappings. */
  readonly slug: string;
  readonly key: SurveyedColumn;
  /** Rows are elements of an array: the column with the key of the document that holds them. */
  readonly document?: SurveyedColumn;
  /** Elements that have no key of their own: the name of the column that holds their place, with `document` their key. */
  readonly place?: string;
  /** Tells its ids from those of other tables that make the same type. */
  readonly facet?: string;
  readonly links: Readonly<Partial<Record<Linked, Link>>>;
}

export type Linked = keyof typeof rowNouns;

/** A column that names a row of a kind. */
export interface Link {
  readonly column: SurveyedColumn;
  /** The table whose key it holds, as far as was seen; absent: a number that leads nowhere here. */
  readonly target?: Planned;
  /** No key, but another column of a table of the kind that holds the same values. */
  readonly alias?: { readonly column: SurveyedColumn; readonly of: Planned };
  /** Some values that were seen are no keys of it. */
  readonly dangling: boolean;
}

export interface Left {
  readonly table: SurveyedTable;
  readonly reason: string;
}

/** What each table is, what names its rows, and which of its columns name rows of others. */
export async function plan(
  tables: readonly SurveyedTable[],
  adapter: Adapter,
  call: () => Call,
): Promise<{ readonly planned: readonly Planned[]; readonly left: readonly Left[] }> {
  const left: Left[] = [];
  const candidates: { table: SurveyedTable; kind: Kind; keys: readonly SurveyedColumn[] }[] = [];
  for (const table of tables) {
    const kind = kindOf(table);
    if (kind === undefined) {
      left.push({ table, reason: 'its name does not say which resource its rows are' });
      continue;
    }
    const keys = await keysOf(table, kind, adapter, call);
    if (keys.length === 0 && table.unwind === undefined)
      left.push({ table, reason: 'no single column was found that names a row' });
    else candidates.push({ table, kind, keys });
  }
  const taken = new Set<string>();
  const named: readonly Named[] = candidates.map(({ table, kind, keys }) => {
    const names = freeNames(`${table.name}${table.unwind ? ` ${table.unwind.replaceAll('.', ' ')}` : ''}`, taken);
    const alone = candidates.filter((other) => other.kind === kind).length === 1;
    return { table, kind, keys, ...names, ...(!alone && { facet: names.slug.slice(0, longestFacet) }) };
  });
  // Those that others refer to come first: their keys are chosen by what refers to them.
  const roots: Planned[] = [];
  const documentKeys = new Map<string, SurveyedColumn>();
  for (const one of named.filter(({ kind, keys }) => kind in rowNouns && keys.length > 0)) {
    const kind = one.kind as Linked;
    const others = tables.filter((table) => table !== one.table);
    const key = await bestKey(one, columnsNaming(kind, others), adapter, call);
    if (one.table.unwind === undefined) documentKeys.set(one.table.name, key);
    roots.push({ ...one, key, links: {} });
  }
  const planned: Planned[] = [];
  for (const one of named) {
    const { name, unwind } = one.table;
    let key = roots.find(({ table }) => table === one.table)?.key ?? one.keys[0];
    let base: Planned | undefined = key && { ...one, key, links: {} };
    if (unwind !== undefined) {
      key = documentKeys.get(name) ?? (await documentKey(name, tables, adapter, call));
      base = key && elements(one, key, base?.key);
    }
    if (base) planned.push({ ...base, links: await linksOf(base, roots, adapter, call) });
    else left.push({ table: one.table, reason: 'no single column was found that names a document' });
  }
  return { planned, left };
}

const longestFacet = 16;

type Named = Omit<Planned, 'key' | 'place' | 'links'> & { readonly keys: readonly SurveyedColumn[] };

/** Elements of documents' arrays are named by a key of their own, or else by their document and their place in it. */
function elements(one: Named, ofDocument: SurveyedColumn, own: SurveyedColumn | undefined): Planned {
  const { unwind, columns } = one.table;
  const free = (wanted: string): string =>
    columns.some((column) => column.name === wanted) ? free(`document_${wanted}`) : wanted;
  const document = { ...ofDocument, name: free(ofDocument.name) };
  if (own) return { ...one, key: own, document, links: {} };
  return { ...one, key: document, document, place: free(`${unwind!.split('.').at(-1)}_place`), links: {} };
}

async function documentKey(
  name: string,
  tables: readonly SurveyedTable[],
  adapter: Adapter,
  call: () => Call,
): Promise<SurveyedColumn | undefined> {
  const document = tables.find((table) => table.name === name && table.unwind === undefined)!;
  return (await keysOf(document, undefined, adapter, call))[0];
}

function ownerOf(name: string, roots: readonly Planned[]): Planned | undefined {
  return roots.find(({ table }) => table.name === name && table.unwind === undefined);
}

function freeNames(name: string, taken: Set<string>): { variable: string; slug: string } {
  for (let number = 1; ; number++) {
    const suffix = number === 1 ? '' : String(number);
    const names = { variable: variable(name) + suffix, slug: slug(name) + (suffix && `-${suffix}`) };
    if (taken.has(names.variable) || taken.has(` ${names.slug}`)) continue;
    taken.add(names.variable).add(` ${names.slug}`);
    return names;
  }
}

function columnsNaming(kind: Linked, tables: readonly SurveyedTable[]): readonly SurveyedColumn[] {
  return tables.flatMap(({ columns }) => columns.filter(({ name }) => namesRowOf(kind, name) !== undefined));
}

/** The key that most columns of other tables hold values of; the first where none tells. */
async function bestKey(
  { table, keys }: { readonly table: SurveyedTable; readonly keys: readonly SurveyedColumn[] },
  referring: readonly SurveyedColumn[],
  adapter: Adapter,
  call: () => Call,
): Promise<SurveyedColumn> {
  if (keys.length === 1) return keys[0]!;
  let best = { key: keys[0]!, score: 0 };
  for (const key of keys) {
    let score = 0;
    for (const column of referring) {
      const { found, of } = await held(column, table, key, adapter, call());
      if (of > 0) score += found / of;
    }
    if (score > best.score) best = { key, score };
  }
  return best.key;
}

async function linksOf(
  planned: Planned,
  roots: readonly Planned[],
  adapter: Adapter,
  call: () => Call,
): Promise<Partial<Record<Linked, Link>>> {
  const links: Partial<Record<Linked, Link>> = {};
  const owner = ownerOf(planned.table.name, roots);
  for (const kind of Object.keys(rowNouns) as Linked[]) {
    if (kind === planned.kind) continue;
    // An element of an array belongs to the document that holds it.
    if (planned.document !== undefined && owner?.kind === kind) {
      links[kind] = { column: planned.document, target: owner, dangling: false };
      continue;
    }
    const named = planned.table.columns
      .filter(({ name, path }) => path !== planned.key.path && namesRowOf(kind, name) !== undefined)
      .sort((a, b) => namesRowOf(kind, a.name)! - namesRowOf(kind, b.name)!);
    for (const column of named) {
      const link = await linkOf(
        column,
        roots.filter((root) => root.kind === kind),
        adapter,
        call,
      );
      if (links[kind]?.target === undefined) links[kind] = link;
    }
  }
  return links;
}

async function linkOf(
  column: SurveyedColumn,
  roots: readonly Planned[],
  adapter: Adapter,
  call: () => Call,
): Promise<Link> {
  for (const target of roots) {
    const { found, of } = await held(column, target.table, target.key, adapter, call());
    if (found > 0) return { column, target, dangling: found < of };
  }
  for (const of of roots) {
    const same = of.table.columns.find(({ name }) => plain(name) === plain(column.name));
    if (same && (await held(column, of.table, same, adapter, call())).found > 0)
      return { column, dangling: false, alias: { column: same, of } };
  }
  return { column, dangling: false };
}
