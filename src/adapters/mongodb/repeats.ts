import { Fault } from '../../errors/fault.js';
import type { Call } from '../../source/adapter.js';
import { keyText } from '../../source/key.js';
import type { TableRelation } from '../../source/relation.js';
import type { Cell } from '../../source/row.js';
import { type Document, toCell } from './cell.js';
import type { Deployment } from './driver.js';
import { items } from './item.js';
import { nativeValues } from './native-values.js';
import { dotted, pathOf, projection } from './path.js';

/** The documents that say a native key again, in the order of `_id`: those to leave out, and those that are served for them. */
export interface Repeats {
  readonly later: readonly unknown[];
  /** `identity` of their `_id`. */
  readonly first: ReadonlySet<string>;
}

const most = 100_000;
const keysAtOnce = 1_000;

/** A text that is the same exactly for the same `_id`. */
export function identity(id: unknown): string {
  const cell = toCell(id);
  const type = typeof id === 'object' && id !== null ? Object.prototype.toString.call(id) : typeof id;
  return `${type}${typeof cell === 'object' ? JSON.stringify(cell) : String(cell)}`;
}

/** Native order is the order of `_id`: it is the one order of documents that does not change by itself. */
export async function findRepeats(deployment: Deployment, relation: TableRelation, call: Call): Promise<Repeats> {
  const keys = await repeatedKeys(deployment, relation, call);
  const item = items(relation);
  const project = projection(relation.key.map((name) => pathOf(relation, name)));
  const first = new Set<string>();
  const later: unknown[] = [];
  const seen = new Map<string, unknown>();
  for (let from = 0; from < keys.length || (from === 0 && keys === everyKey); from += keysAtOnce) {
    const filter = keys === everyKey ? {} : ofKeys(relation, keys.slice(from, from + keysAtOnce));
    const found = deployment.find(
      relation.name,
      { filter, sort: { _id: 1 }, ...(project && { projection: project }) },
      call,
    );
    for await (const documents of found) {
      for (const document of documents) {
        const key = keyText(relation.key.map(item(document).read));
        if (key === null) continue;
        const before = seen.get(key);
        if (before === undefined) seen.set(key, document._id);
        else {
          first.add(identity(before));
          if (later.push(document._id) > most)
            throw new Fault('source-schema', `The key of ${relation.name} does not name its documents`);
        }
      }
    }
    if (keys === everyKey) break;
  }
  return { later, first };
}

const everyKey: readonly Document[] = [];

/** Keys that more than one document has; a few too many do no harm. */
async function repeatedKeys(deployment: Deployment, relation: TableRelation, call: Call): Promise<readonly Document[]> {
  const fields = relation.key.map((name) => dotted(pathOf(relation, name)));
  if (fields.some((field) => field === undefined || /(?:^|\.)\d+(?:\.|$)/.test(field))) return everyKey;
  const parts = Object.fromEntries(fields.map((field, i) => [`k${i}`, sameText(`$${field}`)]));
  const pipeline = [{ $group: { _id: parts, n: { $sum: 1 } } }, { $match: { n: { $gt: 1 } } }];
  const found: Document[] = [];
  for await (const groups of deployment.aggregate(relation.name, pipeline, call))
    for (const { _id } of groups) found.push(_id as Document);
  return found;
}

/** A text for ids and dates, which as cells are equal to a text. */
export function sameText(field: string): Document {
  const textual = { $in: [{ $type: field }, ['objectId', 'date', 'decimal']] };
  return { $cond: [textual, { $convert: { input: field, to: 'string', onError: null, onNull: null } }, field] };
}

function ofKeys(relation: TableRelation, keys: readonly Document[]): Document {
  const conditions = relation.key.map((name, i) => {
    const values = keys.flatMap((key) => nativeValues(toCell(key[`k${i}`]) as Cell));
    return { [dotted(pathOf(relation, name))!]: { $in: values } };
  });
  return { $and: conditions };
}
