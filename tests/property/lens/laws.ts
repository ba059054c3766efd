import type { Resource } from '@medplum/fhirtypes';
import { dateRange } from '#src/fhir/date-range.js';
import { Decimal } from '#src/fhir/decimal.js';
import type { CompiledMapping } from '#src/mapping/compile.js';
import type { Cells } from '#src/source/adapter.js';
import type { Row } from '#src/source/row.js';

/** The row with some of its cells changed, and every row that it refers to there. */
export function changed(mapping: CompiledMapping, row: Row, cells: Cells): Row {
  return mapping.output.map((output, at) => {
    if (output.kind === 'exists') return 1;
    return output.kind === 'column' && Object.hasOwn(cells, output.column) ? cells[output.column]! : row[at]!;
  });
}

export type Outcome = 'written' | 'refused' | 'guarded';

/**
 * Asks a row to become a resource, and holds the laws of tests on it: what is accepted is read back whole (L2, L3), changes no column of
 * others (L4), and is then no change any more (L5); what is refused names a path. Throws where one does not hold.
 */
export function held(mapping: CompiledMapping, row: Row, resource: Resource): Outcome {
  const writer = mapping.writer!;
  const asked = writer.ask(resource, row);
  if (asked.refused.length > 0) {
    for (const { path, message } of asked.refused)
      if (!path.startsWith(mapping.type) || message === '') throw new Error(`a refusal without a path: ${path}`);
    return 'refused';
  }
  const foreign = Object.keys(asked.cells).filter((column) => !writer.owns.includes(column));
  if (foreign.length > 0) throw new Error(`L4: changes ${foreign}`);
  const after = changed(mapping, row, asked.cells);
  const found = mapping.read(after, () => {});
  if (writer.differences(asked, found, after).length > 0) return 'guarded';
  const lost = missing(resource, found!);
  if (lost.length > 0) throw new Error(`L3: lost without a word: ${lost.join(', ')}`);
  const again = writer.ask(found!, after);
  if (again.refused.length > 0 || Object.keys(again.cells).length > 0)
    throw new Error(`L5: is no fixed point: ${JSON.stringify(again.refused)} ${Object.keys(again.cells)}`);
  return 'written';
}

const servers = /^(id|meta\.(versionId|lastUpdated|source)|text(\..*)?)$/;

/** The primitives of a resource, by their path without places, that another does not have: compared without any of the lens's own code. */
export function missing(asked: Resource, found: Resource): readonly string[] {
  const there = flat(found);
  return flat(asked)
    .filter(([path, value]) => !servers.test(path) && !there.some(([at, other]) => at === path && alike(value, other)))
    .map(([path]) => path);
}

function flat(value: unknown, path = ''): readonly (readonly [path: string, value: unknown])[] {
  if (Array.isArray(value)) return value.flatMap((one) => flat(one, path));
  if (typeof value === 'object' && value !== null && !(value instanceof Decimal))
    return Object.entries(value).flatMap(([name, one]) => flat(one, path === '' ? name : `${path}.${name}`));
  return [[path, value]];
}

function alike(one: unknown, other: unknown): boolean {
  if (String(one) === String(other) && typeof one === typeof other) return true;
  if (typeof one !== 'string' || typeof other !== 'string') return false;
  if (one === `http://localhost/fhir/${other}`) return true;
  const [a, b] = [dateRange(one), dateRange(other)];
  return one.includes('T') && other.includes('T') && a !== undefined && a.low === b?.low && a.high === b.high;
}
