import type { Leaf, Selection } from '../../source/selection.js';
import { wellFormed } from './capabilities.js';
import { numberOfText } from './number.js';
import type { Schema } from './schema.js';
import type { Scope } from './scope.js';

type Bind = (value: unknown) => string;
/** For each kind of value that a leaf may find: what an index can be asked. */
type Branches = Readonly<Record<string, readonly string[]>>;

interface Bound {
  readonly column: string;
  readonly branches: Branches;
  /** Fewer rows for more of it. */
  readonly strength: number;
}

const mostValues = 20;

/**
 * Conditions that an index finds the rows of a selection by, each by itself; together they find those rows, and more. Undefined:
 * no index would help, or Cypher's own planner sees by itself that one does (`raw`).
 */
export function leading(scope: Scope, where: Selection, schema: Schema, bind: Bind): readonly string[] | undefined {
  const leaves = (where.op === 'and' ? where.of : [where]).filter(
    (one): one is Leaf => 'of' in one && 'column' in one.of,
  );
  if (leaves.some((leaf) => leaf.of.as === 'raw' && (leaf.op === 'in' || leaf.op === 'compare'))) return undefined;
  const bounds = new Map<string, Bound>();
  for (const leaf of leaves) {
    const { owner, name, of } = scope.property(leaf.of.column);
    if (owner === undefined || !schema.indexed(owner, name) || leaf.of.part) continue;
    const found = boundsOf(of(scope.variable), leaf, bind);
    if (!found) continue;
    const known = bounds.get(leaf.of.column);
    bounds.set(leaf.of.column, known ? both(known, found) : { column: leaf.of.column, ...found });
  }
  const best = [...bounds.values()].sort((a, b) => b.strength - a.strength)[0];
  return best && Object.values(best.branches).map((conditions) => conditions.join(' AND '));
}

function both(a: Bound, b: Omit<Bound, 'column'>): Bound {
  const branches: Record<string, readonly string[]> = {};
  for (const [kind, conditions] of Object.entries(a.branches)) {
    const others = b.branches[kind];
    if (others) branches[kind] = [...conditions, ...others];
  }
  // Texts that are named one by one have kinds of their own.
  if (Object.keys(branches).length === 0) return a.strength >= b.strength ? a : { column: a.column, ...b };
  return { column: a.column, branches, strength: a.strength + b.strength };
}

function boundsOf(p: string, leaf: Leaf, bind: Bind): Omit<Bound, 'column'> | undefined {
  const { as } = leaf.of;
  if (as === 'text' && ((leaf.op === 'compare' && leaf.test === 'eq') || leaf.op === 'in' || leaf.op === 'prefix'))
    return textBounds(p, leaf.op === 'in' ? leaf.values : [leaf.value], leaf.op === 'prefix', bind);
  if ((as === 'date' || as === 'dateTime' || as === 'instant') && leaf.op === 'compare')
    return dateBounds(p, leaf, bind);
  if ((as === 'integer' || as === 'decimal') && leaf.op === 'compare') return numberBounds(p, leaf, bind);
  return undefined;
}

/** Texts that begin with white space come before `!`. */
const blank = (p: string): string => `${p} < '!'`;

const temporal = /^([+-]?\d{4,9}(-.*)?|\d\d:.*)$/;

function textBounds(
  p: string,
  values: readonly unknown[],
  prefix: boolean,
  bind: Bind,
): Omit<Bound, 'column'> | undefined {
  if (values.length === 0 || values.length > mostValues) return undefined;
  const branches: Record<string, readonly string[]> = { blank: [blank(p)] };
  for (const value of values) {
    if (typeof value !== 'string' || value === '' || !wellFormed(value) || temporal.test(value)) return undefined;
    branches[`text ${value}`] = [`${p} STARTS WITH ${bind(value)}`];
    if (prefix && /^[-\dtfe.]/.test(value)) return undefined;
    const number = numberOfText(value);
    if (number !== undefined)
      branches[`number ${value}`] = [`${p} = ${bind(Number.isSafeInteger(number) ? BigInt(number) : number)}`];
    else if (/^-?\d{16,19}$/.test(value)) return undefined;
    if (value === 'true' || value === 'false') branches[value] = [`${p} = ${value}`];
  }
  return { branches, strength: prefix ? 3 : 4 };
}

function dateBounds(p: string, leaf: Extract<Leaf, { op: 'compare' }>, bind: Bind): Omit<Bound, 'column'> | undefined {
  const { of, value, test } = leaf;
  const match = typeof value === 'string' && /^([1-8]\d{3})(?:-(\d\d)(?:-(\d\d))?)?(?![\d-])/.exec(value);
  if (!match) return undefined;
  const [, year, month = '01', day = '01'] = match;
  const at = Date.UTC(Number(year), Number(month) - 1, Number(day));
  if (new Date(at).toISOString().slice(0, 10) !== `${year}-${month}-${day}`) return undefined;
  const days = (more: number) => new Date(at + more * 86_400_000).toISOString().slice(0, 10);
  const kinds: Record<string, string[]> = {
    text: [],
    blank: [blank(p)],
    number: [`${p} >= 1000`, `${p} <= 9999`],
    date: [],
  };
  if (of.as !== 'date') Object.assign(kinds, { local: [], zoned: [] });
  if (test !== 'lt' && test !== 'le') {
    kinds.text!.push(`${p} >= ${bind(value)}`);
    kinds.date!.push(`${p} >= date(${bind(days(0))})`);
    kinds.local?.push(`${p} >= localdatetime(${bind(days(0))})`);
    kinds.zoned?.push(`${p} >= datetime(${bind(days(-1))})`);
  }
  if (test !== 'gt' && test !== 'ge') {
    kinds.text!.push(`${p} < ${bind(`${value}!`)}`);
    kinds.date!.push(`${p} <= date(${bind(days(0))})`);
    kinds.local?.push(`${p} < localdatetime(${bind(days(1))})`);
    kinds.zoned?.push(`${p} < datetime(${bind(days(2))})`);
  }
  return { branches: kinds, strength: test === 'eq' ? 3 : 1 };
}

function numberBounds(
  p: string,
  leaf: Extract<Leaf, { op: 'compare' }>,
  bind: Bind,
): Omit<Bound, 'column'> | undefined {
  const value = leaf.value === null || typeof leaf.value === 'boolean' ? Number.NaN : Number(leaf.value);
  if (!Number.isFinite(value) || Math.abs(value) >= 2 ** 53) return undefined;
  const bound = bind(value);
  const number: string[] = [];
  if (leaf.test !== 'lt' && leaf.test !== 'le') number.push(`${p} >= ${bound}`);
  if (leaf.test !== 'gt' && leaf.test !== 'ge') number.push(`${p} <= ${bound}`);
  return { branches: { number, text: [`${p} >= ''`] }, strength: leaf.test === 'eq' ? 3 : 1 };
}
