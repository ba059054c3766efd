import type { Adapter, Output, Scan, Transaction, Writing } from '#src/source/adapter.js';
import type { Relation } from '#src/source/relation.js';
import type { Selection } from '#src/source/selection.js';

/** The adapter, its tables under other names: so that tests share one database of a server that cannot have several. */
export function renamedTables(adapter: Adapter, prefix: string): Adapter {
  const relation = <R extends Relation>(one: R): R => {
    if (one.kind === 'table') return { ...one, name: prefix + one.name };
    if (one.kind === 'distinct')
      return { ...one, of: one.of.map((each) => ({ ...each, table: relation(each.table) })) };
    return one;
  };
  const where = (one: Selection): Selection => {
    if (one.op === 'and' || one.op === 'or') return { op: one.op, of: one.of.map(where) };
    if (one.op === 'not') return { op: 'not', of: where(one.of) };
    return one.op === 'exists' ? { ...one, relation: relation(one.relation), where: where(one.where) } : one;
  };
  const output = (all: readonly Output[]): readonly Output[] =>
    all.map((one) => (one.kind === 'column' ? one : { ...one, relation: relation(one.relation) }));
  const scan = (one: Scan): Scan => ({
    ...one,
    relation: relation(one.relation),
    output: output(one.output),
    where: where(one.where),
  });
  const renamed = (one: Transaction): Transaction => ({
    get: (of, columns, key) => one.get(relation(of), output(columns), key),
    insert: (of, cells) => one.insert(relation(of), cells),
    update: (of, key, before, cells) => one.update(relation(of), key, before, cells),
    delete: (of, key, before) => one.delete(relation(of), key, before),
  });
  const writing: Writing | undefined = adapter.writing && {
    can: (of, change) => adapter.writing!.can(relation(of), change),
    transaction: (call, work) => adapter.writing!.transaction(call, (one) => work(renamed(one))),
  };
  return {
    capabilities: adapter.capabilities,
    ...(writing && { writing }),
    // The scan that comes back is offered again, and renamed only when it runs.
    narrow: (asked, conjuncts) => adapter.narrow(asked, conjuncts),
    scan: (asked, call) => adapter.scan(scan(asked), call),
    get: (of, columns, key, call) => adapter.get(relation(of), output(columns), key, call),
    count: (of, selection, call) => adapter.count(relation(of), where(selection), call),
    explain: (asked) => adapter.explain(scan(asked)),
    describe: async (call) =>
      (await adapter.describe(call))
        .filter(({ name }) => name.startsWith(prefix))
        .map((table) => ({ ...table, name: table.name.slice(prefix.length) })),
    duplicateKeys: (of, limit, call) => adapter.duplicateKeys(relation(of), limit, call),
    close: () => adapter.close(),
  };
}
