import type { Resource } from '@medplum/fhirtypes';
import type { OpenChain, Stream } from '../plan/stream.js';
import { referredIds } from '../query/chain.js';
import type { Row } from '../source/row.js';
import type { Traversal } from './traversal.js';

/** What the chains are asked of: a row, which is refused when one does not hold. */
interface Checked {
  readonly row: Row;
  readonly refused?: boolean;
}

/** Checks the chains that a stream's source does not decide, for all rows of a page at once. */
export class ChainCheck {
  private readonly known = new Map<OpenChain, Map<string, boolean>>();

  constructor(
    private readonly stream: Stream,
    private readonly traversal: Traversal,
    private readonly residual: readonly ((resource: Resource) => boolean)[],
  ) {}

  /** The items, those refused for which a chain does not hold. They stay: the traversal goes on from them. */
  async check<T extends Checked>(items: readonly T[]): Promise<readonly T[]> {
    const silent = () => {};
    const resources = items.map(({ row }) => {
      const resource = this.stream.mapping.read(row, silent);
      return resource && this.residual.every((matches) => matches(resource)) ? resource : undefined;
    });
    for (const open of this.stream.open) {
      const known = this.known.get(open) ?? new Map<string, boolean>();
      this.known.set(open, known);
      const ids = resources.map((resource) => (resource ? this.doubtful(open, resource) : []));
      const asked = [...new Set(ids.flatMap((of) => (of === 'holds' ? [] : of)))].filter((id) => !known.has(id));
      if (asked.length > 0) {
        const holding = await this.traversal.probe(open.chain, asked);
        for (const id of asked) known.set(id, holding.has(id));
      }
      for (const [i, of] of ids.entries()) {
        if (of !== 'holds' && !of.some((id) => known.get(id))) resources[i] = undefined;
      }
    }
    return items.map((item, i) => (resources[i] ? item : { ...item, refused: true }));
  }

  /** The ids of which one has to hold, unless it is known that the chain does. */
  private doubtful({ chain, doubt }: OpenChain, resource: Resource): readonly string[] | 'holds' {
    if (chain.direction === 'from')
      return typeof doubt === 'function' && doubt(resource.id!) ? 'holds' : [resource.id!];
    const ids = referredIds(chain, chain.type, resource, this.traversal);
    return doubt === 'unless referred' && ids.length > 0 ? 'holds' : ids;
  }
}
