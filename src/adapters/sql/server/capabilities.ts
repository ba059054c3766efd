import type { Capabilities } from '../../../source/adapter.js';
import { exactBut } from '../../../source/exact.js';
import type { Expression, ExpressionType } from '../../../source/expression.js';

const maxIn = 1_000;

/**
 * What servers of SQL say exactly, and in order: everything but cutting a text between all its letters (`part` with an empty
 * separator), and what the vendor does not know of every text (`Vendor.knows`): of those it gives candidates.
 */
export function serverCapabilities(
  unknown: readonly ExpressionType[],
  indexOn?: Capabilities['indexOn'],
): Capabilities {
  const isKnown = ({ as, part }: Expression) => !unknown.includes(as) && part?.separator !== '';
  return {
    exact: exactBut((leaf) => !isKnown(leaf.of) || (leaf.op === 'in' && leaf.values.length > maxIn)),
    orders: isKnown,
    ...(indexOn && { indexOn }),
    count: true,
    maxIn,
    typed: true,
  };
}
