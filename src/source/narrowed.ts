import type { Narrowed, Scan } from './adapter.js';
import { and, type Selection } from './selection.js';

type Asked = Omit<Scan, 'where'>;

/** The scan as it is asked: the adapter takes all of it. */
export function wholly(scan: Asked, conjuncts: readonly Selection[]): Narrowed {
  return {
    scan: { ...scan, where: and(...conjuncts) },
    exact: conjuncts.map(() => true),
    orderGuaranteed: true,
    limitGuaranteed: true,
  };
}

/** What is left of a scan: an order that is not kept goes, and its place with it; so does a limit where rows are chosen roughly. */
export function partly(
  { order, after, limit, ...rest }: Asked,
  where: Selection,
  exact: readonly boolean[],
  orderGuaranteed: boolean,
): Narrowed {
  const limitGuaranteed = orderGuaranteed && exact.every(Boolean);
  return {
    scan: {
      ...rest,
      where,
      order: orderGuaranteed ? order : [],
      ...(orderGuaranteed && after && { after }),
      ...(limitGuaranteed && limit !== undefined && { limit }),
    },
    exact,
    orderGuaranteed,
    limitGuaranteed,
  };
}
