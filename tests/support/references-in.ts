export interface AnyReference {
  readonly reference?: string;
  readonly identifier?: object;
  readonly display?: string;
}

/** Every Reference in a resource: an element of a name and shape that only References have. */
export function referencesIn(value: unknown): readonly AnyReference[] {
  if (typeof value !== 'object' || value === null) return [];
  if (Array.isArray(value)) return value.flatMap(referencesIn);
  const own = typeof (value as AnyReference).reference === 'string' ? [value as AnyReference] : [];
  return [...own, ...Object.values(value).flatMap(referencesIn)];
}
