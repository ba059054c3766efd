import type { LiveTable } from '../source/adapter.js';
import { ROW } from '../source/numbered.js';
import { MEMBERS, PLACE } from '../source/unwind.js';
import { disagrees } from './column-type.js';
import { type ColumnRead, columnsRead, tablesRead } from './columns-read.js';
import type { Live } from './examined.js';
import type { Finding } from './finding.js';
import { leaves } from './leaves.js';
import { type LivePath, livePaths } from './live-paths.js';

/** Compares what the mappings read with what the database has: nothing is left out without a reason, nothing has gone. */
export async function compareSchema(live: Live): Promise<readonly Finding[]> {
  const { name: source, indexed } = live;
  const same = (a: string, b: string) => (indexed ? a.toLowerCase() === b.toLowerCase() : a === b);
  const reads = columnsRead(live);
  const findings: Finding[] = [];
  for (const name of new Set(tablesRead(live.compiled).map((relation) => relation.name))) {
    const table = live.tables.find((one) => same(one.name, name));
    const own = reads.filter(({ relation }) => relation.name === name);
    if (!table) {
      const mappings = [...new Set(own.map(({ mapping }) => mapping))].join(', ');
      findings.push({
        severity: 'error',
        kind: 'missing-table',
        source,
        place: name,
        message: `The source does not have it; read by ${mappings}.`,
      });
      continue;
    }
    findings.push(...(await compareTable(table, own, live, same)));
  }
  for (const { name, columns } of live.tables) {
    if (!reads.some(({ relation }) => same(relation.name, name)))
      findings.push({
        severity: 'warning',
        kind: 'unread-table',
        source,
        place: name,
        message: `No mapping reads any of its ${columns.length} columns.`,
      });
  }
  return findings;
}

type Same = (a: string, b: string) => boolean;

async function compareTable(
  table: LiveTable,
  reads: readonly ColumnRead[],
  live: Live,
  same: Same,
): Promise<Finding[]> {
  const { name: source } = live;
  const paths = await livePaths(table, live);
  const read = distinctPaths(
    reads
      .map(({ relation, column, mapping }) => ({ path: relation.columns[column]?.path ?? [column], mapping }))
      .filter(({ path }) => path.at(-1) !== PLACE && path[0] !== ROW)
      // Members of an object, or of a text that writes one out: whatever is there is read.
      .map(({ path, mapping }) => ({
        path: path.includes(MEMBERS) ? path.slice(0, path.indexOf(MEMBERS)) : path,
        mapping,
      })),
  );
  const findings: Finding[] = [];
  const leftOut = reasons(table.name, live, same);
  for (const { path, type, empty } of paths) {
    const place = `${table.name}.${path.join('.')}`;
    if (read.some((one) => starts(path, one.path, same))) continue;
    const deeper = read.some((one) => starts(one.path, path, same));
    if (deeper && empty) continue;
    if (deeper) {
      findings.push({
        severity: 'warning',
        kind: 'column-type',
        source,
        place,
        message: 'Some rows hold a single value where the mappings read an object.',
      });
      continue;
    }
    const reason = leftOut.find((one) => starts(path, one.path, same))?.reason;
    findings.push(
      reason === undefined
        ? {
            severity: 'error',
            kind: 'unmapped-column',
            source,
            place,
            message: `No mapping reads it${type ? ` (${type})` : ''}, and none says why ("unmapped").`,
          }
        : { severity: 'information', kind: 'left-out-column', source, place, message: `Left out: ${reason}.` },
    );
  }
  for (const { path, mappings } of read) {
    if (paths.some((one) => starts(one.path, path, same) || (one.empty && starts(path, one.path, same)))) continue;
    const place = `${table.name}.${path.join('.')}`;
    const by = `read by ${mappings.join(', ')}`;
    const inDocument = table.columns.length === 0 || table.columns.some(({ type }) => type.toLowerCase() === 'json');
    findings.push(
      inDocument
        ? {
            severity: 'warning',
            kind: 'missing-column',
            source,
            place,
            message: `No document looked at has it; ${by}.`,
          }
        : { severity: 'error', kind: 'missing-column', source, place, message: `The source does not have it; ${by}.` },
    );
  }
  return [...findings, ...types(table, paths, live, same)];
}

function distinctPaths(
  reads: readonly { path: readonly string[]; mapping: string }[],
): readonly { path: readonly string[]; mappings: readonly string[] }[] {
  const found = new Map<string, { path: readonly string[]; mappings: string[] }>();
  for (const { path, mapping } of reads) {
    const key = JSON.stringify(path);
    const known = found.get(key);
    if (!known) found.set(key, { path, mappings: [mapping] });
    else if (!known.mappings.includes(mapping)) known.mappings.push(mapping);
  }
  return [...found.values()];
}

/** What the mappings of a table leave out, with the reason. */
function reasons(
  table: string,
  { mappings: { mappings } }: Live,
  same: Same,
): readonly { path: readonly string[]; reason: string }[] {
  return mappings.flatMap(({ definition: { id, unmapped } }) => {
    const { relation } = id;
    if (relation.kind !== 'table' || !same(relation.name, table)) return [];
    return Object.entries(unmapped ?? {}).map(([column, reason]) => ({
      path: relation.columns[column]?.path ?? column.split('.'),
      reason,
    }));
  });
}

function starts(path: readonly string[], with_: readonly string[], same: Same): boolean {
  return with_.every((step, i) => path[i] !== undefined && same(path[i], step));
}

/** Columns that are read as something else than the database declares. */
function types(table: LiveTable, paths: readonly LivePath[], live: Live, same: Same): Finding[] {
  const found = new Map<string, Finding>();
  const look = (column: string, as: Parameters<typeof disagrees>[0], mapping: string) => {
    const type = paths.find(({ path }) => path.length === 1 && same(path[0]!, column))?.type;
    if (type === undefined || !disagrees(as, type)) return;
    const place = `${table.name}.${column}`;
    found.set(`${place} ${as}`, {
      severity: 'warning',
      kind: 'column-type',
      source: live.name,
      mapping,
      place,
      message: `It is read as ${as}, and declared ${type}.`,
    });
  };
  for (const mapping of live.mappings.mappings) {
    const { id, name } = mapping.definition;
    if (id.relation.kind === 'table' && same(id.relation.name, table.name)) {
      for (const key of id.relation.key)
        look(id.relation.columns[key]?.path[0] ?? key, id.integers.includes(key) ? 'integer key' : 'text key', name);
    }
    for (const { relation, of } of leaves(mapping, live.setting)) {
      if (
        relation.kind === 'table' &&
        same(relation.name, table.name) &&
        relation.columns[of.column]?.path.length === 1
      )
        look(relation.columns[of.column]!.path[0]!, of.as, name);
    }
  }
  return [...found.values()];
}
