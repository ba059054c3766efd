import { or as any, type Selection } from '../../source/selection.js';
import { type Bracket, exactly, isExact } from '../bracket.js';

/** Long enough for a round trip to be worth its while, short enough for every source. */
const longest = 500;

/** Equalities of one expression, ORed, as lists: `a = 1 or a = 2` is `a in (1, 2)`. A search for many ids stays one short statement. */
export function asLists(bracket: Bracket): Bracket {
  return isExact(bracket) ? exactly(gathered(bracket.hi)) : { lo: gathered(bracket.lo), hi: gathered(bracket.hi) };
}

type Leaf = Extract<Selection, { op: 'in' }>;

function gathered(selection: Selection): Selection {
  if (selection.op !== 'or') return selection;
  const others: Selection[] = [];
  const lists = new Map<string, { readonly of: Leaf['of']; readonly values: Leaf['values'][number][] }>();
  for (const one of selection.of) {
    const values = one.op === 'in' ? one.values : one.op === 'compare' && one.test === 'eq' ? [one.value] : undefined;
    if (!values) {
      others.push(one);
      continue;
    }
    const { of } = one as Leaf;
    const name = JSON.stringify(of);
    const list = lists.get(name) ?? { of, values: [] };
    lists.set(name, list);
    list.values.push(...values);
  }
  return any(
    ...others,
    ...[...lists.values()].flatMap(({ of, values }) =>
      chunks([...new Set(values)]).map((part): Selection => ({ op: 'in', of, values: part })),
    ),
  );
}

function chunks<T>(values: readonly T[]): readonly (readonly T[])[] {
  const found: (readonly T[])[] = [];
  for (let i = 0; i < values.length; i += longest) found.push(values.slice(i, i + longest));
  return found;
}
