import type { Resource } from '@medplum/fhirtypes';
import { Fault } from '../../errors/fault.js';
import type { Asked } from '../../mapping/write/writer.js';
import type { Cells, Transaction } from '../../source/adapter.js';
import type { TableRelation } from '../../source/relation.js';
import type { Cell } from '../../source/row.js';
import { PLACE } from '../../source/unwind.js';
import { before, conflict, read, refused, rowOf, type WritableMapping } from './row.js';

/** A resource that was made, as its source gives it back. */
export interface Made {
  readonly resource: Resource;
}

/** Under which key a resource is to be made. */
export interface Creation {
  /** The native keys that it may have, the likeliest first; absent where the source gives it. */
  readonly keys?: readonly (readonly Cell[])[];
  /** Absent where the source gives the key. */
  readonly id?: string;
  /** The transaction has looked for a row of these keys, and there is none. */
  readonly looked?: boolean;
}

/**
 * Under which key a resource is to be made. `id`: what it is to be called, where the client says.
 * @throws {Fault} `not-writable`
 */
export function creation(mapping: WritableMapping, asked: Asked, id: string | undefined, uuid: () => string): Creation {
  const keys = keyOf(mapping, asked.cells, id) ?? (mapping.writer.key === 'uuid' ? [[uuid()]] : undefined);
  const known = id ?? (keys && mapping.idOf(keys[0]!.map(String)));
  return { ...(keys && { keys }), ...(known !== undefined && { id: known }) };
}

/**
 * Makes a resource: a row, or the columns of one.
 * @throws {Fault} `not-writable`, `duplicate`, `unprocessable`
 */
export async function create(
  mapping: WritableMapping,
  resource: Resource,
  asked: Asked,
  { keys, looked }: Creation,
  transaction: Transaction,
): Promise<Made> {
  const { relation, writer, type } = mapping;
  if (writer.create === 'columns') {
    const there = keys && (await rowOf(mapping, keys, transaction));
    if (!there)
      throw new Fault(
        'unprocessable',
        `A ${type} of this kind is part of a row, and none is there that it refers to.`,
        {
          source: mapping.source,
        },
      );
    if (read(mapping, there.row))
      throw new Fault('duplicate', `${type}/${mapping.resourceId(there.row)} is there already.`);
    const within = writer.ask(resource, there.row);
    if (within.refused.length > 0) throw refused(mapping, within.refused);
    const changed = await transaction.update(relation, there.key, before(mapping, there.row), within.cells);
    if (!changed) throw conflict();
    return verified(mapping, within, there.key, transaction);
  }
  if (keys && !looked && writer.key !== 'uuid' && (await rowOf(mapping, keys, transaction)))
    throw new Fault('duplicate', `The source has a row of that key already.`, { source: mapping.source });
  const key = keys && Object.fromEntries(relation.key.map((column, i) => [column, keys[0]![i]!]));
  const made = await transaction.insert(relation, { ...ofRow(mapping, asked.cells), ...key });
  return verified(mapping, asked, made, transaction);
}

/**
 * What a new row consists of. What an element shows of the one that it is part of stays as it is there: the guard sees whether that
 * is what was said.
 */
function ofRow({ relation, writer }: WritableMapping, cells: Cells): Cells {
  const { unwind } = relation;
  if (!unwind) return cells;
  const inner = unwind.at(-1)!;
  const isInner = (column: string) => inner.every((step, i) => relation.columns[column]!.path[i] === step);
  return Object.fromEntries(
    Object.entries(cells).filter(([column]) => !writer.shared?.includes(column) || isInner(column)),
  );
}

function isPlace({ columns }: TableRelation, column: string): boolean {
  return columns[column]!.path.at(-1) === PLACE;
}

/** The native keys that a new row may have, the likeliest first; undefined where the source or chance gives it. */
function keyOf(
  mapping: WritableMapping,
  cells: Cells,
  id: string | undefined,
): readonly (readonly Cell[])[] | undefined {
  const { relation, writer, type, source } = mapping;
  const said = relation.key.map((column) => cells[column]);
  const whole = said.every((cell) => cell !== undefined && cell !== null);
  const named = id ?? (whole ? mapping.idOf(said.map(String)) : undefined);
  if (id === undefined && writer.create === 'row' && (writer.key === 'source' || writer.key === 'uuid')) {
    const given = relation.key.filter((_, i) => said[i] === undefined);
    // The source puts an element into the list of what the rest of the key names.
    if (given.length === said.length || given.every((column) => isPlace(relation, column))) return undefined;
    throw new Fault(
      'not-writable',
      `The key of a new ${type} is given by the source: nothing that shows it can be said.`,
      { source },
    );
  }
  if (named === undefined)
    throw new Fault('not-writable', `A new ${type} must say what it is known by: ${relation.key.join(', ')}.`, {
      source,
    });
  const keys = mapping.keysOf(named);
  if (keys.length === 0) throw new Fault('not-writable', `No ${type} of the source can have that id.`, { source });
  if (id !== undefined && whole && !keys.some((key) => key.every((cell, i) => String(cell) === String(said[i]))))
    throw new Fault('not-writable', `The ${type} shows another key than its id says.`, {
      source,
      expression: `${type}.id`,
    });
  return keys;
}

/**
 * The guard of every write: the row is read again, and must say what was asked. A column that cuts, pads or rounds, a trigger, a
 * default: whatever comes between is seen here, and nothing is kept then.
 */
export async function verified(
  mapping: WritableMapping,
  asked: Asked,
  key: readonly Cell[],
  transaction: Transaction,
): Promise<Made> {
  const row = await transaction.get(mapping.relation, mapping.output, key);
  const resource = row && read(mapping, row);
  const differences = mapping.writer.differences(asked, resource, row ?? mapping.writer.blank);
  if (differences.length > 0) throw refused(mapping, differences);
  return { resource: resource! };
}
