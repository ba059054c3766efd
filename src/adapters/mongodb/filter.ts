/** A query of MongoDB. Text of a request is in it only as a value that is compared, or escaped in a pattern. */
export type Filter = Readonly<Record<string, unknown>>;

/** A filter that every row of a selection satisfies, perhaps with others; or every row, or none, satisfies it. */
export type Superset = Filter | 'all' | 'none';

export function any(parts: readonly Filter[]): Superset {
  return parts.length === 0 ? 'none' : parts.length === 1 ? parts[0]! : { $or: parts };
}

export function every(parts: readonly Superset[]): Superset {
  if (parts.includes('none')) return 'none';
  const filters = parts.filter((part): part is Filter => typeof part === 'object');
  return filters.length === 0 ? 'all' : filters.length === 1 ? filters[0]! : { $and: filters };
}

/**
 * The same filter where fields may lie within arrays: MongoDB asks an equality of some element, and an inequality of every one
 * (https://www.mongodb.com/docs/manual/reference/operator/query/ne/).
 */
export function ofSomeElement(filter: Filter): Filter {
  return Object.fromEntries(
    Object.entries(filter).map(([field, value]) => {
      if (field === '$and' || field === '$or') return [field, (value as readonly Filter[]).map(ofSomeElement)];
      const { $ne, ...others } = (value ?? {}) as { readonly $ne?: unknown };
      return [field, $ne === null ? { ...others, $exists: true } : value];
    }),
  );
}
