import type { Adapter, Output, Scan } from '#src/source/adapter.js';
import type { Relation, TableRelation } from '#src/source/relation.js';
import type { Selection } from '#src/source/selection.js';

/**
 * The adapter, each table described to it as `stored` says: under another name, its columns elsewhere. A scan that came back
 * from `narrow` is taken as it is.
 */
export function tablesAs(adapter: Adapter, stored: (table: TableRelation) => TableRelation): Adapter {
  const known = new WeakMap<Relation, Relation>();
  const again = <R extends Relation>(one: R): R => {
    const before = known.get(one);
    if (before) return before as R;
    const made: Relation =
      one.kind === 'table'
        ? stored(one)
        : one.kind === 'distinct'
          ? { ...one, of: one.of.map((each) => ({ ...each, table: again(each.table) })) }
          : one;
    known.set(one, made);
    known.set(made, made);
    return made as R;
  };
  const where = (one: Selection): Selection => {
    if (one.op === 'and' || one.op === 'or') return { op: one.op, of: one.of.map(where) };
    if (one.op === 'not') return { op: 'not', of: where(one.of) };
    return one.op === 'exists' ? { ...one, relation: again(one.relation), where: where(one.where) } : one;
  };
  const output = (all: readonly Output[]): readonly Output[] =>
    all.map((one) => (one.kind === 'column' ? one : { ...one, relation: again(one.relation) }));
  const rest = <S extends Omit<Scan, 'where'>>(one: S): S => ({
    ...one,
    relation: again(one.relation),
    output: output(one.output),
  });
  const scan = (one: Scan): Scan => ({ ...rest(one), where: where(one.where) });
  return {
    capabilities: adapter.capabilities,
    narrow: (asked, conjuncts) => adapter.narrow(rest(asked), conjuncts.map(where)),
    scan: (asked, call) => adapter.scan(scan(asked), call),
    get: (of, columns, key, call) => adapter.get(again(of), output(columns), key, call),
    count: (of, selection, call) => adapter.count(again(of), where(selection), call),
    explain: (asked) => adapter.explain(scan(asked)),
    describe: (call) => adapter.describe(call),
    duplicateKeys: (of, limit, call) => adapter.duplicateKeys(again(of), limit, call),
    close: () => adapter.close(),
  };
}
