import type { Scan } from '../../source/adapter.js';
import { leading } from './bounds.js';
import { Parameters } from './parameters.js';
import type { Schema } from './schema.js';
import { type Scope, scopeOf } from './scope.js';

/**
 * Can the rows be had in the order of an index, as long as its column holds texts? They are put in order by it alone, or first,
 * and no other index would leave fewer rows to be put in order.
 */
export function alongKey({ relation, where, order, after }: Scan, schema: Schema): boolean {
  const first = order[0]?.of;
  if (relation.kind !== 'table' || first?.as !== 'raw') return false;
  if (after && typeof after.values[0] !== 'string') return false;
  const scope = scopeOf(relation, 'n');
  const indexed = (column: string) => {
    const { owner, name } = scope.property(column);
    return owner !== undefined && schema.indexed(owner, name);
  };
  if (!indexed(first.column)) return false;
  const found = (where.op === 'and' ? where.of : [where]).some(
    (one) =>
      ((one.op === 'compare' && one.test === 'eq') || one.op === 'in') && one.of.as === 'raw' && indexed(one.of.column),
  );
  return !found && leading(scope, where, schema, new Parameters().add) === undefined;
}

const days = ['date', 'localdatetime', 'datetime'].map((kind) => `${kind}('2000-01-01')`);
const times = ['localtime', 'time'].map((kind) => `${kind}('12:00')`);

/** Does a column hold anything but texts, and what is no value? Asked of the index alone. */
export function otherThanTexts(scope: Scope, column: string): string {
  const { owner, name } = scope.property(column);
  const probe = scopeOf({ kind: 'table', name: owner!, key: [], columns: { v: { name: 'v', path: [name] } } }, 'o');
  const p = probe.column('v');
  const conditions = [
    `${p} IN [true, false]`,
    `${p} >= -1.7976931348623157e308`,
    ...[...days, ...times].map((at) => `${p} < ${at} OR ${p} >= ${at}`),
  ];
  return conditions.map((condition) => `EXISTS { MATCH ${probe.match} WHERE ${condition} }`).join(' OR ');
}
