import type { Reference, Resource } from '@medplum/fhirtypes';

/** A literal reference: of this server (`type`, `id`), or a URL elsewhere. Versions are left off (R4 search.html#reference). */
export interface LiteralReference {
  readonly type?: string;
  readonly id?: string;
  readonly url?: string;
}

const relative = /^([A-Z][A-Za-z]+)\/([A-Za-z0-9\-.]{1,64})(?:\/_history\/[A-Za-z0-9\-.]{1,64})?$/;

/** Relative, and absolute to this server's base, are the same reference. */
export function literalReference(text: string, base: string): LiteralReference {
  const own = text.startsWith(`${base}/`) ? text.slice(base.length + 1) : text;
  const match = relative.exec(own);
  if (match) return { type: match[1]!, id: match[2]! };
  return { url: text.replace(/\/_history\/[A-Za-z0-9\-.]{1,64}$/, '') };
}

/** The type of what a reference refers to: by its text, or, when it is a logical one, by `Reference.type`. */
export function referenceType(value: unknown, resource: Resource): string | undefined {
  const reference = value as Reference;
  const text = reference.reference;
  if (text === undefined) return reference.type;
  if (text.startsWith('#')) {
    const contained = (resource as { contained?: Resource[] }).contained;
    return contained?.find((r) => r.id === text.slice(1))?.resourceType;
  }
  return /(?:^|\/)([A-Z][A-Za-z]+)\/[A-Za-z0-9\-.]{1,64}(?:\/_history\/[A-Za-z0-9\-.]{1,64})?$/.exec(text)?.[1];
}
