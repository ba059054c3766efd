import { parseReference } from '../fhir/reference.js';
import type { ReferenceValue } from '../query/query.js';
import { unescaped } from './escape.js';
import { invalidValue } from './invalid-value.js';

/** R4 search.html#reference: `id`, `Type/id`, an absolute URL, a canonical with `|version`. `target` is the modifier of `subject:Patient`. */
export function parseReferenceValue(text: string, parameter: string, baseUrl: string, target?: string): ReferenceValue {
  const parsed = parseReference(unescaped(text, parameter).trim(), baseUrl);
  if (!parsed || parsed.contained !== undefined) throw invalidValue(parameter, 'an id, Type/id or an absolute URL');
  if (parsed.version !== undefined) throw invalidValue(parameter, 'a reference without version');
  if (target !== undefined && parsed.type !== undefined && parsed.type !== target) {
    throw invalidValue(parameter, `a reference to ${target}, as its modifier says`);
  }
  const type = parsed.type ?? target;
  return {
    kind: 'reference',
    ...(type !== undefined && { type }),
    ...(parsed.id !== undefined && { id: parsed.id }),
    ...(parsed.url !== undefined && { url: parsed.url }),
  };
}
