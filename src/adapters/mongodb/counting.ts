import { comparand } from '../../source/compare.js';
import type { TableRelation } from '../../source/relation.js';
import type { Leaf, Selection } from '../../source/selection.js';
import { trim } from '../../source/space.js';
import { trailed } from '../../source/text-range.js';
import type { Filter } from './filter.js';
import { instants } from './instants.js';
import { nativeValues, othersOfText } from './native-values.js';
import { dotted, pathOf } from './path.js';
import type { Kind, Schema } from './schema.js';
import type { Search } from './search.js';

/**
 * The filter that just the rows of a selection satisfy, so that the database can count them; undefined where it cannot tell.
 * It can of fields whose scalars are known to be of one type, where rows are documents.
 */
export async function exactFilter(
  schema: Schema,
  search: Search,
  relation: TableRelation,
  selection: Selection,
): Promise<Filter | undefined> {
  if (relation.unwind) return undefined;
  switch (selection.op) {
    case 'true':
      return {};
    case 'false':
      return { _id: { $in: [] } };
    case 'not': {
      const inner = await exactFilter(schema, search, relation, selection.of);
      return inner && { $nor: [inner] };
    }
    case 'and':
    case 'or': {
      const parts: Filter[] = [];
      for (const part of selection.of) {
        const filter = await exactFilter(schema, search, relation, part);
        if (!filter) return undefined;
        parts.push(filter);
      }
      if (parts.length === 0)
        return exactFilter(schema, search, relation, { op: selection.op === 'and' ? 'true' : 'false' });
      return selection.op === 'and' ? { $and: parts } : { $or: parts };
    }
    case 'exists':
      return undefined;
    default: {
      const path = pathOf(relation, selection.of.column);
      const field = dotted(path);
      if (field === undefined || /(?:^|\.)\d+(?:\.|$)/.test(field)) return undefined;
      const kind = await schema.kind(relation.name, field, search.call);
      const filter = kind && leafExactly(field, kind, selection);
      if (!filter || field === '_id') return filter;
      // What is in an array, or below one, is no cell.
      const arrays = path.map((_, i): Filter => ({ [path.slice(0, i + 1).join('.')]: { $type: 'array' } }));
      return { $and: [filter, { $nor: arrays }] };
    }
  }
}

const longest = 1_000;

function leafExactly(field: string, { type, odd }: Kind, leaf: Leaf): Filter | undefined {
  const { as, part, absent = [] } = leaf.of;
  if (part) return undefined;
  if (leaf.op === 'present')
    return as === 'raw' || (as === 'text' && type !== 'string' && absent.length === 0)
      ? { [field]: { $type: type } }
      : undefined;
  if (leaf.op === 'compare' && leaf.test !== 'eq') {
    if (type !== 'date' || odd || (as !== 'dateTime' && as !== 'instant' && as !== 'raw') || absent.length > 0)
      return undefined;
    if (typeof leaf.value !== 'string') return { _id: { $in: [] } };
    const found = instants(leaf.test, leaf.value);
    return found ? { [field]: { $gte: new Date(found[0]), $lte: new Date(found[1]) } } : { _id: { $in: [] } };
  }
  const asked = leaf.op === 'compare' ? [leaf.value] : leaf.op === 'in' ? leaf.values : undefined;
  if (!asked) return undefined;
  const numeric = type === 'number';
  const values = asked
    .map((value) => comparand(as, value))
    .filter((value) => (numeric ? typeof value === 'number' || typeof value === 'bigint' : typeof value === 'string'));
  if (as === 'raw') return numeric && odd ? undefined : { [field]: { $in: values.flatMap(nativeValues) } };
  if (as !== 'text' || numeric) return undefined;
  const texts = values.map(String).filter((text) => text !== '' && trim(text) === text && !absent.includes(text));
  if (type !== 'string') return { [field]: { $in: texts.flatMap(othersOfText) } };
  const [text, ...more] = texts;
  if (text === undefined || more.length > 0 || odd || text.length > longest) return undefined;
  const { from, to } = trailed(text);
  // The text, and behind it white space alone.
  return { [field]: { $gte: from, $lt: to, $regex: `^[\\s\\S]{${[...text].length}}[\\x09-\\x0d\\x20]*$` } };
}
