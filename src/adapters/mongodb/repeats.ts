import { Fault } from '../../errors/fault.js';
import type { Call } from '../../source/adapter.js';
import { keyText } from '../../source/key.js';
import type { TableRelation } from '../../source/relation.js';
import type { Cell } from '../../source/row.js';
import { placeIn } from '../../source/unwind.js';
import { type Document, toCell } from './cell.js';
import type { Deployment } from './driver.js';
import { type Item, items } from './item.js';
import { nativeValues } from './native-values.js';
import { dotted, fieldsOf, pathOf } from './path.js';

/** The documents that say a native key again, in the order of `_id`: those to leave out, and those that are served for them. */
export interface Repeats {
  readonly later: readonly unknown[];
  /** `rowIdentity` of rows to leave out of a relation whose rows are not documents. */
  readonly laterRows: ReadonlySet<string>;
  /** `rowIdentity` of those that are served. */
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

/** A text that is the same exactly for the same row of a relation. */
export function rowIdentity({ document, places }: Pick<Item, 'document' | 'places'>): string {
  return places ? `${places.join(' ')} ${identity(document._id)}` : identity(document._id);
}

/**
 * Native order is the order of `_id`: it is the one order of documents that does not change by itself. Within a document it is
 * that of the places of its elements.
 */
export async function findRepeats(deployment: Deployment, relation: TableRelation, call: Call): Promise<Repeats> {
  const keys = await repeatedKeys(deployment, relation, call);
  const item = items(relation);
  const project = fieldsOf(relation, relation.key);
  const first = new Set<string>();
  const later: unknown[] = [];
  const laterRows = new Set<string>();
  const seen = new Map<string, string>();
  for (let from = 0; from < keys.length || (from === 0 && keys === everyKey); from += keysAtOnce) {
    const filter = keys === everyKey ? {} : ofKeys(relation, keys.slice(from, from + keysAtOnce));
    const found = deployment.find(
      relation.name,
      { filter, sort: { _id: 1 }, ...(project && { projection: project }) },
      call,
    );
    for await (const documents of found) {
      for (const row of documents.flatMap(item)) {
        const key = keyText(relation.key.map(row.read));
        if (key === null) continue;
        const before = seen.get(key);
        if (before === undefined) seen.set(key, rowIdentity(row));
        else {
          first.add(before);
          if (relation.unwind) laterRows.add(rowIdentity(row));
          else later.push(row.document._id);
          if (later.length + laterRows.size > most)
            throw new Fault('source-schema', `The key of ${relation.name} does not name its documents`);
        }
      }
    }
    if (keys === everyKey) break;
  }
  return { later, laterRows, first };
}

const everyKey: readonly Document[] = [];

/** Keys that more than one document has; a few too many do no harm. */
async function repeatedKeys(deployment: Deployment, relation: TableRelation, call: Call): Promise<readonly Document[]> {
  const { unwind = [] } = relation;
  const places = relation.key.map((name) => placeIn(relation, pathOf(relation, name)));
  const fields = relation.key.map((name, i) =>
    places[i] === undefined ? dotted(pathOf(relation, name)) : placeField(places[i]!),
  );
  if (unwind.some((path) => dotted(path) === undefined)) return everyKey;
  if (fields.some((field) => field === undefined || /(?:^|\.)\d+(?:\.|$)/.test(field))) return everyKey;
  // What is no array is unwound as its one element, with no index.
  const part = (field: string, i: number) =>
    places[i] === undefined ? sameText(`$${field}`) : { $ifNull: [`$${field}`, 0] };
  const parts = Object.fromEntries(fields.map((field, i) => [`k${i}`, part(field!, i)]));
  const elements = unwind.map((path, i) => ({
    $unwind: { path: `$${dotted(path)}`, includeArrayIndex: placeField(i) },
  }));
  const pipeline = [...elements, { $group: { _id: parts, n: { $sum: 1 } } }, { $match: { n: { $gt: 1 } } }];
  const found: Document[] = [];
  for await (const groups of deployment.aggregate(relation.name, pipeline, call))
    for (const { _id } of groups) found.push(_id as Document);
  return found;
}

const placeField = (array: number) => `healthsync_place_${array}`;

/** A text for ids and dates, which as cells are equal to a text. */
export function sameText(field: string): Document {
  const textual = { $in: [{ $type: field }, ['objectId', 'date', 'decimal']] };
  return { $cond: [textual, { $convert: { input: field, to: 'string', onError: null, onNull: null } }, field] };
}

function ofKeys(relation: TableRelation, keys: readonly Document[]): Document {
  const conditions = relation.key.flatMap((name, i) => {
    const path = pathOf(relation, name);
    if (placeIn(relation, path) !== undefined) return [];
    return [{ [dotted(path)!]: { $in: keys.flatMap((key) => nativeValues(toCell(key[`k${i}`]) as Cell)) } }];
  });
  return conditions.length === 0 ? {} : { $and: conditions };
}
