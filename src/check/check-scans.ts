import { local } from '../access/caller.js';
import { restrict } from '../access/restrict.js';
import { Fault } from '../errors/fault.js';
import type { SearchParameter } from '../fhir/search-parameters.js';
import type { CompiledMapping } from '../mapping/compile.js';
import { plan } from '../plan/plan.js';
import { parse } from '../search/parse.js';
import type { NativeQuery } from '../source/adapter.js';
import { columnsOf } from '../source/columns-of.js';
import { ROW } from '../source/numbered.js';
import type { Live } from './examined.js';
import type { Finding } from './finding.js';
import { type Index, type IndexOn, indexes } from './indexes.js';
import type { Sample } from './sample.js';
import { typicalValue } from './typical-search.js';

const pageOf = 20;

/** Searches for which the database reads every row, by the index that would spare it. */
export async function checkScans(
  live: Live,
  samples: ReadonlyMap<CompiledMapping, Sample>,
): Promise<readonly Finding[]> {
  const { name: source, indexed } = live;
  if (!indexed) {
    const message = 'Every search reads whole files: they have no index.';
    return [{ severity: 'information', kind: 'scan', source, place: 'every search', message }];
  }
  const scans = new Map<string, { index: Index | undefined; searches: string[] }>();
  for (const [mapping, { resources }] of samples) {
    for (const parameter of mapping.parameters.values()) {
      const value = typicalValue(parameter, mapping.type, resources);
      const helpful = value === undefined ? undefined : await scanned(mapping, parameter, value, live);
      for (const index of helpful ?? []) {
        // The database has it, and walks all the same where that promises a page sooner.
        if (index && isThere(index, live)) continue;
        const key = index ? placeOf(index) : '';
        const known = scans.get(key) ?? { index, searches: [] };
        known.searches.push(`${mapping.name}?${parameter.code}`);
        scans.set(key, known);
      }
    }
  }
  return [...scans.values()].map(({ index, searches }): Finding => {
    const message = `Every row is read for ${searches.join(', ')}`;
    if (!index)
      return { severity: 'information', kind: 'scan', source, place: 'no plain index helps', message: `${message}.` };
    return {
      severity: 'warning',
      kind: 'scan',
      source,
      place: placeOf(index),
      message: `${message}; an index on these columns would spare it.`,
    };
  });
}

function placeOf({ table, written }: Index): string {
  return `${table}(${written.join(', ')})`;
}

/** How an index of this database names a column. */
function indexOn({ adapter, tables }: Live): IndexOn {
  return (of, table, name) => {
    const { indexOn: named } = adapter.capabilities;
    if (!named) return name;
    const same = (other: { readonly name: string }, wanted: string) =>
      other.name.toLowerCase() === wanted.toLowerCase();
    const live = tables.find((each) => same(each, table))?.columns.find((each) => same(each, name));
    return named(of, name, live);
  };
}

function isThere({ table, columns }: Index, { tables }: Live): boolean {
  const names = columns.map((column) => column.toLowerCase());
  const live = tables.find(({ name }) => name.toLowerCase() === table.toLowerCase());
  const found = [...(live?.indexes.map((index) => index.columns) ?? []), ...(live?.uniqueKeys ?? [])];
  return found.some((own) => names.every((name, i) => own[i]?.toLowerCase() === name));
}

/** An index in whose order all rows are walked spares nothing: it has to begin with a column that is asked about. */
function readsAll({ access, index }: NativeQuery, asked: ReadonlySet<string>, { tables }: Live): boolean {
  if (access !== 'index' || index === undefined) return access === 'scan';
  const columns = tables.flatMap(({ indexes }) => indexes.find(({ name }) => name === index)?.columns ?? []);
  return columns.length > 0 && !asked.has(columns[0]!.toLowerCase());
}

/** The indexes that would help a search which reads every row; undefined when it does not. */
async function scanned(
  mapping: CompiledMapping,
  parameter: SearchParameter,
  value: string,
  live: Live,
): Promise<readonly (Index | undefined)[] | undefined> {
  const { baseUrl, name, adapter } = live;
  try {
    const { query } = parse(mapping.type, [[parameter.code, value]], {
      baseUrl,
      now: live.now(),
      maxCount: pageOf,
      defaultCount: pageOf,
      handling: 'none',
      supported: () => mapping.parameters,
    });
    const { streams } = plan(restrict(query, local), [
      { name, narrow: adapter.narrow.bind(adapter), mappings: [mapping] },
    ]);
    const [stream] = streams;
    const [condition] = query.conditions;
    if (!stream || !condition) return undefined;
    const { hi } = mapping.condition(condition);
    // Every row satisfies it: reading them all is the answer.
    if (hi.op === 'true') return undefined;
    const queries = await adapter.explain(stream.ordered ? { ...stream.scan, limit: pageOf + 1 } : stream.scan);
    const asked = new Set(
      columnsOf(hi).map((column) => (mapping.relation.columns[column]?.path[0] ?? column).toLowerCase()),
    );
    if (!queries.some((one) => readsAll(one, asked, live))) return undefined;
    // A digest of the row is in no index.
    const helpful = columnsOf(hi).includes(ROW) ? [] : indexes(hi, mapping.relation, indexOn(live));
    return helpful.length > 0 ? helpful : [undefined];
  } catch (error) {
    // A value that holds what a search cannot ask for.
    if (error instanceof Fault && (error.code === 'invalid-value' || error.code === 'too-large')) return undefined;
    throw error;
  }
}
