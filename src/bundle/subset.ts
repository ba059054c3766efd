import type { Coding, Resource } from '@medplum/fhirtypes';
import { Decimal } from '../fhir/decimal.js';
import { type Element, element } from '../fhir/elements.js';
import type { Query } from '../query/query.js';

/** What part of each resource was asked for. */
export type Subset = Pick<Query, 'summary' | 'elements'>;

/** https://hl7.org/fhir/R4/search.html#summary: a part of a resource says that it is one. */
const subsetted: Coding = {
  system: 'http://terminology.hl7.org/CodeSystem/v3-ObservationValue',
  code: 'SUBSETTED',
  display: 'subsetted',
};

type Json = Readonly<Record<string, unknown>>;
type Keep = (element: Element) => boolean;

/**
 * The part of a resource that `_summary` or `_elements` asks for, tagged SUBSETTED; the resource itself when the whole is asked.
 * Mandatory elements always stay, and modifier elements wherever the clinical content does.
 */
export function subset<R extends Resource>(resource: R, { summary, elements }: Subset): R {
  if (elements.length > 0)
    return tagged(
      root(
        resource,
        ({ name, choice, required, modifier }) => required || modifier || elements.includes(choice ?? name),
      ),
    );
  switch (summary) {
    case 'true':
      return tagged(part(resource, resource.resourceType, inSummary) as unknown as R);
    case 'text':
      return tagged(root(resource, ({ name, required }) => required || name === 'text'));
    case 'data':
      return tagged(root(resource, ({ name }) => name !== 'text'));
    case 'count':
    case 'false':
      return resource;
  }
}

const inSummary: Keep = ({ summary, required, modifier }) => summary || required || modifier;
const always = new Set(['resourceType', 'id', 'meta']);

function root<R extends Resource>(resource: R, keep: Keep): R {
  return Object.fromEntries(
    Object.entries(resource).filter(
      ([name]) => always.has(name) || kept(resource.resourceType, name, keep) !== undefined,
    ),
  ) as unknown as R;
}

/** At every depth: an element outside the summary is left out, and one of which nothing is left with it. */
function part(value: object, path: string, keep: Keep): Json {
  const out: Record<string, unknown> = {};
  for (const [name, child] of Object.entries(value)) {
    const definition = kept(path, name, keep);
    if (!definition) {
      if (always.has(name)) out[name] = child;
      continue;
    }
    const left = name === 'meta' || name.startsWith('_') ? child : within(child, definition, keep);
    if (left !== undefined) out[name] = left;
  }
  return out;
}

function within(value: unknown, definition: Element, keep: Keep): unknown {
  if (Array.isArray(value)) {
    const items = value.map((item) => within(item, definition, keep)).filter((item) => item !== undefined);
    return items.length > 0 ? items : undefined;
  }
  if (typeof value !== 'object' || value === null || value instanceof Decimal) return value;
  const left = part(value, definition.children, keep);
  return Object.keys(left).length > 0 ? left : undefined;
}

/** A primitive's sibling (`_birthDate`) goes with its element. */
function kept(path: string, name: string, keep: Keep): Element | undefined {
  const definition = element(path, name.startsWith('_') ? name.slice(1) : name);
  return definition && keep(definition) ? definition : undefined;
}

function tagged<R extends Resource>(resource: R): R {
  return { ...resource, meta: { ...resource.meta, tag: [...(resource.meta?.tag ?? []), subsetted] } };
}
