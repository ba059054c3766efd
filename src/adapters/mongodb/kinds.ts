import type { Call } from '../../source/adapter.js';
import type { TableRelation } from '../../source/relation.js';
import { type Document, valueAt } from './cell.js';
import type { Deployment } from './driver.js';
import { type Native, nativeOf } from './native.js';
import { pathOf, projection } from './path.js';
import { Remembered } from './remembered.js';

const looked = 200;

/** The types that the values of fields have, where nothing else says in which a new one is to be. */
export class Kinds {
  private readonly known: Remembered<Native | undefined>;

  constructor(
    private readonly deployment: Deployment,
    timeoutMs: number,
  ) {
    this.known = new Remembered(60_000, 1, timeoutMs);
  }

  /** That of a column in the documents that came last; undefined when none of them holds a value there. */
  of(relation: TableRelation, column: string, call: Call): Promise<Native | undefined> {
    const path = pathOf(relation, column);
    return this.known.get(JSON.stringify([relation.name, path]), call, async (patient) => {
      const fields = projection([path]);
      const find = { filter: {}, sort: { _id: -1 }, limit: looked, ...(fields && { projection: fields }) } as const;
      for await (const documents of this.deployment.stored(relation.name, find, patient))
        for (const document of documents) {
          const kind = scalarKind(document, path);
          if (kind !== undefined) return kind;
        }
      return undefined;
    });
  }
}

/** Of the first scalar at a path that may lead through arrays. */
function scalarKind(value: unknown, path: readonly string[]): Native | undefined {
  if (Array.isArray(value)) {
    const [step, ...rest] = path;
    if (step !== undefined && /^\d+$/.test(step)) return scalarKind(value[Number(step)], rest);
    for (const element of value) {
      const kind = scalarKind(element, path);
      if (kind !== undefined) return kind;
    }
    return undefined;
  }
  const [step, ...rest] = path;
  if (step === undefined) {
    const kind = nativeOf(value);
    return kind === 'other' ? undefined : kind;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  return scalarKind(valueAt(value as Document, [step]), rest);
}
