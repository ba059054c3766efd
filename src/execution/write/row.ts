import type { Resource } from '@medplum/fhirtypes';
import { Fault, type Issue } from '../../errors/fault.js';
import type { CompiledMapping } from '../../mapping/compile.js';
import type { CompiledWriter } from '../../mapping/write/writer.js';
import type { Cells, Transaction } from '../../source/adapter.js';
import type { TableRelation } from '../../source/relation.js';
import type { Cell, Row } from '../../source/row.js';

/** A mapping whose resources have rows of their own. */
export type WritableMapping = CompiledMapping & { readonly relation: TableRelation; readonly writer: CompiledWriter };

/** A resource in its row, as a transaction sees it. */
export interface Present {
  readonly mapping: WritableMapping;
  readonly row: Row;
  readonly key: readonly Cell[];
  readonly resource: Resource;
}

export function isWritable(mapping: CompiledMapping): mapping is WritableMapping {
  return mapping.writer !== undefined && mapping.relation.kind === 'table';
}

/** The row of the first of some native keys that has one, and its key. */
export async function rowOf(
  mapping: WritableMapping,
  keys: readonly (readonly Cell[])[],
  transaction: Transaction,
): Promise<{ readonly row: Row; readonly key: readonly Cell[] } | undefined> {
  for (const key of keys) {
    const row = await transaction.get(mapping.relation, mapping.output, key);
    if (row) return { row, key: mapping.keyAt.map((at) => row[at]!) };
  }
  return undefined;
}

/** The resource of an id, among those that some mappings make. `rowless` is told the mappings that have no row of it at all. */
export async function present(
  mappings: readonly WritableMapping[],
  id: string,
  transaction: Transaction,
  rowless?: Set<WritableMapping>,
): Promise<Present | undefined> {
  for (const mapping of mappings) {
    const found = await rowOf(mapping, mapping.keysOf(id), transaction);
    if (!found) rowless?.add(mapping);
    const resource = found && read(mapping, found.row);
    if (resource) return { mapping, ...found, resource };
  }
  return undefined;
}

/** @throws {Fault} `undecodable` when the row cannot be told whole, and its mapping refuses to tell the rest. */
export function read(mapping: CompiledMapping, row: Row): Resource | undefined {
  const lost: string[] = [];
  const resource = mapping.read(row, ({ path }) => lost.push(path));
  if (lost.length > 0 && (!resource || mapping.undecodable === 'refuse'))
    throw new Fault('undecodable', `The row cannot be decoded: ${lost.join(', ')}.`, { source: mapping.source });
  return resource;
}

export function conflict(): Fault {
  return new Fault('conflict', 'Someone else changed the row at the same moment.');
}

/** The cells that a change counts on: those of the mapping's own columns, as they were read. */
export function before({ writer }: WritableMapping, row: Row): Cells {
  return Object.fromEntries(writer.owns.map((column) => [column, writer.cell(column)(row)]));
}

export function refused(
  { source }: CompiledMapping,
  refusals: readonly { readonly path: string; readonly message: string }[],
): Fault {
  const issues = refusals.map(
    ({ path, message }): Issue => ({
      severity: 'error',
      code: 'not-writable',
      message: `${path}: ${message}`,
      place: { source, expression: path },
    }),
  );
  const paths = refusals.map(({ path }) => path).join(', ');
  return new Fault('not-writable', `Source ${source} cannot hold ${paths}.`, { source }, { issues });
}
