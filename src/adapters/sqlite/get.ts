import type { Batch, Output } from '../../source/adapter.js';
import type { Relation } from '../../source/relation.js';
import type { Cell } from '../../source/row.js';
import { and, FALSE, type Selection } from '../../source/selection.js';
import { materialise } from './materialise.js';
import { withinSlice } from './page.js';
import { columnOf, provenUnique, tableOf } from './schema.js';
import { select } from './select.js';
import { distinctId, type Session } from './session.js';

export function ofKey(relation: Relation, key: readonly Cell[]): Selection {
  return and(
    ...relation.key.map((column, i): Selection => {
      const value = key[i] ?? null;
      return value === null || typeof value === 'object'
        ? FALSE
        : { op: 'compare', of: { column, as: 'raw' }, test: 'eq', value };
    }),
  );
}

/**
 * The row of a key within one slice, undefined when that takes longer. A second row of the key is looked for in the same
 * statement, so nothing has to be known of repeated keys.
 */
export function found(
  session: Session,
  relation: Relation,
  output: readonly Output[],
  key: readonly Cell[],
): Batch | undefined {
  const values = relation.kind === 'distinct' ? session.distinct.get(distinctId(relation)) : undefined;
  const { legs, layout } = select(
    session,
    { relation, output, where: ofKey(relation, key), order: [] },
    { access: 'search', order: false, cursor: false, every: true, limit: 2, values },
  );
  const { text, values: bound } = legs[0]!;
  if (relation.kind === 'table') remember(session, relation, output, key, text, bound);
  const unmarked = { relation: { kind: 'constant', name: relation.name, key: [], columns: {} } as const, output };
  return withinSlice(session, () => first(materialise(session, unmarked, layout, session.connection.all(text, bound))));
}

/** The statement that found a row of this relation before; undefined when there is none. */
export function again(
  session: Session,
  relation: Relation,
  output: readonly Output[],
  key: readonly Cell[],
): Batch | undefined {
  const reading = session.readings.get(output);
  if (!reading || reading.relation !== relation || reading.types !== typesOf(key)) return undefined;
  const rows = session.connection.all(reading.text, key);
  return first({ rows });
}

/** Only what a unique index answers, column by column, is run again without looking at the state of the file first. */
function remember(
  session: Session,
  relation: Extract<Relation, { kind: 'table' }>,
  output: readonly Output[],
  key: readonly Cell[],
  text: string,
  bound: readonly unknown[],
): void {
  const table = tableOf(session.schema, relation);
  const unique = provenUnique(
    table,
    relation.key.map((name) => columnOf(table, relation, name)),
  );
  const plain =
    output.every(({ kind }) => kind === 'column') &&
    bound.length === key.length &&
    key.every((cell, i) => bound[i] === cell);
  if (unique && plain) session.readings.set(output, { relation, types: typesOf(key), text });
}

function typesOf(key: readonly Cell[]): string {
  let types = '';
  for (const cell of key)
    types += typeof cell === 'string' ? 's' : typeof cell === 'number' || typeof cell === 'bigint' ? 'n' : '-';
  return types;
}

function first({ rows }: Batch): Batch {
  return rows.length < 2 ? { rows } : { rows: [rows[0]!], duplicates: [0] };
}
