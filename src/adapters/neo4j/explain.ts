import type { NativeQuery } from '../../source/adapter.js';
import type { Statement } from './driver.js';

/** An operator of a plan, as EXPLAIN tells it. */
export interface Operator {
  readonly operatorType: string;
  readonly arguments: Readonly<Record<string, unknown>>;
  readonly children: readonly Operator[];
}

/** How a statement finds its rows: by what its plan begins with. */
export function explained({ text, values }: Statement, plan: Operator | undefined): NativeQuery {
  const sources = plan ? leaves(plan) : [];
  const scan = sources.find(({ operatorType }) => /Scan/.test(operatorType));
  const seek = sources.find(({ operatorType }) => /Seek/.test(operatorType));
  const index = String(seek?.arguments.Details ?? '').match(/[^ ]+:[^ (]+\([^)]*\)/)?.[0];
  const access =
    scan || !seek ? 'scan' : sources.every(({ operatorType }) => /Unique/.test(operatorType)) ? 'key' : 'index';
  return {
    text,
    values: Object.values(values),
    access,
    ...(access !== 'scan' && index !== undefined && { index }),
    ...(plan && { plan: written(plan) }),
  };
}

/** An operator a line, what it reads from indented. */
function written({ operatorType, arguments: told, children }: Operator, depth = 0): readonly string[] {
  const name = operatorType.replace(/@\w+$/, '');
  const details = told.Details === undefined ? '' : ` ${String(told.Details)}`;
  return [`${'  '.repeat(depth)}${name}${details}`, ...children.flatMap((child) => written(child, depth + 1))];
}

/**
 * What the rows come from. The inner sides of an apply are sought for each row of the outer; where the outer is no table, the
 * rows are those of the inner.
 */
function leaves({ operatorType, children, ...operator }: Operator): readonly Operator[] {
  if (children.length === 0) return /Seek|Scan/.test(operatorType) ? [{ operatorType, children, ...operator }] : [];
  if (!/Apply/.test(operatorType)) return children.flatMap(leaves);
  const outer = leaves(children[0]!);
  return outer.length === 0 && /^Apply/.test(operatorType) ? leaves(children[1]!) : outer;
}
