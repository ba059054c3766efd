import { formatId, isKeyPart, keyOf, maxIdLength, parseId } from '../identity/resource-id.js';
import { opaqueLength, type StoredIds } from '../identity/stored-ids.js';
import type { Relation } from '../source/relation.js';

/**
 * How rows of a relation are named: `<source>.<key>[.<key>…][.<facet>]` (see identity/resource-id.ts). A facet tells apart
 * several resources of one type made from one row, or from several tables.
 */
export interface IdScheme {
  readonly relation: Relation;
  readonly facet?: string;
  /** The source whose rows are named, where a reference leads to another source; otherwise the mapping's own. */
  readonly source?: string;
  /** Key columns that hold whole numbers; the others hold text. */
  readonly integers: readonly string[];
  /** The key stands in no id: an opaque text that is stored does (identity/stored-ids.ts). */
  readonly stored?: true;
}

/** What ids are made and read with: the source whose rows are named, unless the scheme says another, and its stored ids. */
export interface IdSetting {
  readonly source: string;
  readonly ids?: StoredIds;
}

/** The id of a key, of the texts of its cells; undefined when it can have none. */
export function idOf(scheme: IdScheme, parts: readonly string[], setting: IdSetting): string | undefined {
  const source = scheme.source ?? setting.source;
  if (!scheme.stored) return formatId(source, parts, scheme.facet);
  if (!parts.every(isKeyPart)) return undefined;
  return formatId(source, [storedIn(setting).opaque(source, scheme.relation.name, parts)], scheme.facet);
}

/** The key that an id names; undefined when it is not one of this scheme's. */
export function partsOf(scheme: IdScheme, id: string, setting: IdSetting): readonly string[] | undefined {
  const parsed = parseId(id);
  const source = scheme.source ?? setting.source;
  if (parsed?.source !== source) return undefined;
  const parts = keyOf(parsed.rest, scheme.stored ? 1 : scheme.relation.key.length, scheme.facet);
  if (!scheme.stored || parts === undefined) return parts;
  const key = storedIn(setting).partsOf(source, scheme.relation.name, parts[0]!);
  return key?.length === scheme.relation.key.length ? key : undefined;
}

/** Of how many parts the ids of a scheme are, without the source. */
export function partCount({ relation, facet, stored }: IdScheme): number {
  return (stored ? 1 : relation.key.length) + (facet === undefined ? 0 : 1);
}

/** Would a stored id of this source be longer than R4 allows? */
export function isTooLong({ source: other, facet, stored }: IdScheme, source: string): boolean {
  const length = (other ?? source).length + 1 + opaqueLength + (facet === undefined ? 0 : facet.length + 1);
  return stored === true && length > maxIdLength;
}

function storedIn({ source, ids }: IdSetting): StoredIds {
  if (!ids) throw new RangeError(`source ${source} has keys whose ids are stored, and there is no store`);
  return ids;
}
