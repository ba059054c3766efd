import type { Output, Scan } from '../../source/adapter.js';
import type { Cell } from '../../source/row.js';
import type { Scope } from '../sql/dialect.js';
import { all, any, bound, type Fragment, joined, plain, sql, TRUE } from '../sql/fragment.js';
import { afterPlace, orderBy, type Place, type SqlTerm } from '../sql/order.js';
import type { Access, Compiler, Ordering } from './compiler.js';
import type { SqliteColumn } from './schema.js';
import type { Session } from './session.js';

/** Where the parts of a result row lie: outputs first, then the values of the order, then the cursor. */
export interface Layout {
  readonly outputs: number;
  readonly order: number;
  readonly cursor: number;
}

/** A scan as statements to run one after another until the limit is reached. */
export interface Select {
  readonly legs: readonly Fragment[];
  readonly layout: Layout;
  /** The rows come from an index in the order asked. */
  readonly indexed: boolean;
}

export interface Wanted {
  readonly access: Access;
  readonly place?: Place | undefined;
  readonly limit?: number | undefined;
  /** Order values, to go on from the last row. */
  readonly order: boolean;
  readonly cursor: boolean;
  /** Leave the outputs for later: only order values and cursor. */
  readonly bare?: boolean;
  /** Rows of repeated keys too. */
  readonly every?: boolean;
  /** Only their number. */
  readonly count?: boolean;
  /** Walk the table itself, whatever index there is. */
  readonly notIndexed?: boolean;
  readonly values?: string | undefined;
  /** In a walk, where `place` is one of native order: the place in the order asked. */
  readonly after?: Place | undefined;
  /** Only rows whose first order value is not beyond this one. */
  readonly notBeyond?: unknown;
  /** Along the index of the order: start here, whatever `place` says. */
  readonly notBefore?: unknown;
  /** Hand the first order value to `hs_tick` instead of the cursor. */
  readonly tickOrder?: boolean;
  /** Only the rows of these cursors. */
  readonly among?: readonly (readonly Cell[])[];
}

type Question = Pick<Scan, 'relation' | 'output' | 'where' | 'order'>;

/** Compiles a scan; an empty order is native order. */
export function select(session: Session, scan: Question, wanted: Wanted): Select & { readonly compiler: Compiler } {
  const compiler = session.compiler(wanted.access, wanted.values);
  const scope = compiler.scope(scan.relation);
  const cursor = compiler.cursor(scope);
  const where = compiler.where(scope, scan.where);
  const native = cursor.map((value): SqlTerm => ({ value, direction: 'asc', nullable: false }));
  const asked: Ordering =
    scan.order.length === 0 || wanted.access === 'walk'
      ? { terms: native, indexed: false, present: undefined, missing: undefined }
      : compiler.terms(scope, scan.order);
  const listed = scan.order.length === 0 ? native : compiler.valueTerms(scope, scan.order);
  const columns: Fragment[] = [];
  const layout = {
    outputs: wanted.bare ? 0 : listOutputs(session, compiler, scope, scan.output, columns),
    order: 0,
    cursor: 0,
  };
  const following = wanted.tickOrder && asked.indexed;
  if (wanted.order)
    columns.push(...listed.map(({ value }, i) => plain(following && i === 0 ? `hs_tick_found(${value})` : value)));
  layout.order = wanted.order ? listed.length : 0;
  if (wanted.cursor) columns.push(...cursor.map(plain));
  layout.cursor = wanted.cursor ? cursor.length : 0;
  const ticked = following ? [asked.terms[0]!.value] : cursor;
  const tick = ticked.length > 0 ? [plain(`hs_tick(${ticked.join(', ')})`)] : [];
  const from = sql`${compiler.from(scope)}${wanted.notIndexed ? ' NOT INDEXED' : ''}`;
  const head = sql`SELECT ${wanted.count ? 'count(*)' : columns.length === 0 ? '1' : joined(columns, ', ')} FROM ${from}`;
  // Written, not bound: SQLite plans anew for each bound limit, which costs more than a search.
  const limit =
    wanted.limit === undefined || wanted.limit === Number.POSITIVE_INFINITY ? '' : ` LIMIT ${Math.trunc(wanted.limit)}`;
  const conditions = [...tick, ...(wanted.every ? [] : compiler.keptRows(scope)), where];
  if (wanted.after) conditions.push(afterPlace(listed, wanted.after));
  if (wanted.notBeyond !== undefined) conditions.push(notBeyond(listed[0]!, wanted.notBeyond));
  if (wanted.among) conditions.unshift(ofCursors(cursor, wanted.among));
  const { place } = wanted;
  const leg = (extra: Fragment, terms: readonly SqlTerm[], after: readonly Fragment[]): Fragment => {
    const ordered = terms.length === 0 || wanted.count ? '' : ` ORDER BY ${orderBy(compiler, terms)}`;
    return sql`${head} WHERE ${all([...after, extra, ...conditions])}${ordered}${limit}`;
  };
  const behind = (terms: readonly SqlTerm[], at: Place | undefined) => (at ? [afterPlace(terms, at)] : []);
  /** From the place on, and from where the index of the order was left. */
  const led = (terms: readonly SqlTerm[]): readonly Fragment[] =>
    wanted.notBefore === undefined
      ? behind(terms, place)
      : [...behind(unled(terms), place), notBefore(terms[0]!, wanted.notBefore)];
  const { terms, indexed, present, missing } = asked;
  const found = { layout, indexed, compiler };
  if (!present || !missing) return { ...found, legs: [leg(TRUE, terms, led(terms))] };
  const inTail = place !== undefined && place.values[0] === null;
  const tail = inTail ? { values: place.values.slice(1), inclusive: place.inclusive } : undefined;
  // Rows without the value come after all that have one.
  const last = leg(missing, terms.slice(1), behind(terms.slice(1), tail));
  return { ...found, legs: inTail ? [last] : [leg(present, terms, led(terms)), last] };
}

/** Adds the outputs to a SELECT list; returns how many columns they take. */
function listOutputs(
  session: Session,
  compiler: Compiler,
  scope: Scope<SqliteColumn>,
  output: readonly Output[],
  columns: Fragment[],
): number {
  const known = session.lists.get(output);
  if (known && known.relation === scope.relation) {
    columns.push(plain(known.text));
    return output.length;
  }
  const list = output.flatMap((one) => compiler.output(scope, one));
  if (list.length > 0 && output.every(({ kind }) => kind === 'column')) {
    session.lists.set(output, { relation: scope.relation, text: list.map(({ text }) => text).join(', ') });
  }
  columns.push(...list);
  return list.length;
}

function ofCursors(cursor: readonly string[], cells: readonly (readonly Cell[])[]): Fragment {
  if (cursor.length === 1)
    return sql`${cursor[0]!} IN (${joined(
      cells.map(([cell]) => bound(cell)),
      ', ',
    )})`;
  return any(cells.map((one) => all(one.map((cell, i) => sql`${cursor[i]!} = ${bound(cell)}`))));
}

function notBeyond({ value, direction }: SqlTerm, limit: unknown): Fragment {
  return sql`${value} ${direction === 'asc' ? '<=' : '>='} ${bound(limit)}`;
}

function notBefore({ value, direction }: SqlTerm, start: unknown): Fragment {
  return sql`${value} ${direction === 'asc' ? '>=' : '<='} ${bound(start)}`;
}

/** The same terms, out of the reach of an index. */
function unled(terms: readonly SqlTerm[]): readonly SqlTerm[] {
  return terms.map((term) => ({ ...term, value: `+${term.value}` }));
}
