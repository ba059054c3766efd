import type { Links } from '../identity/links.js';
import type { StoredIds } from '../identity/stored-ids.js';
import type { OrderTerm } from '../source/adapter.js';
import type { Expression } from '../source/expression.js';
import type { TableRelation } from '../source/relation.js';
import type { On, Selection } from '../source/selection.js';
import type { Translation } from '../terminology/translation.js';
import type { Codec } from './codec.js';
import type { IdScheme } from './id-scheme.js';

/** A leaf: a column of the mapping's relation, read through a codec. */
export interface Binding<T> {
  readonly node: 'binding';
  readonly of: Expression;
  readonly codec: CodecSource<T>;
}

/** A codec, or one that is completed when the mapping is compiled (a translation named by its canonical URL, a time zone of the source). */
export type CodecSource<T> = Codec<T> | { readonly late: (setting: CodecSetting) => Codec<T> };

export interface CodecSetting {
  readonly source: string;
  /** Needed where a key's id is stored. */
  readonly ids?: StoredIds;
  /** Needed where a key is linked with resources of other sources; without it, none is. */
  readonly links?: Links;
  readonly timeZone: string;
  readonly conceptMap: (url: string) => Translation;
}

/** The leaf `Reference.reference`: `Type/id`, built from the target's own id scheme, so that the two cannot drift. */
export interface ReferenceBinding {
  readonly node: 'reference';
  readonly type: string;
  readonly target: IdScheme;
  /** One expression for each key column of the target. */
  readonly key: readonly Expression[];
  /** Emitted only when a row of this relation has the key; otherwise the reference is left to its identifier. */
  readonly exists?: { readonly relation: TableRelation; readonly on: On };
  /** Emitted only where this yields a value; where it cannot be decoded, that is reported. */
  readonly holds?: Binding<string>;
}

/** Related rows, each a slot: child rows of another table of the same source. */
export interface Each<E> {
  readonly node: 'each';
  readonly relation: TableRelation;
  readonly on: On;
  readonly order: readonly OrderTerm[];
  readonly to: Template<E> | When<Template<E>>;
}

/**
 * The leaf `Reference.reference` of a source that knows somebody by a key and has no resource of them: the resource that the link
 * table says the key to be, if it says one.
 */
export interface LinkedBinding {
  readonly node: 'linked';
  readonly type: string;
  /** What the keys are of: the system of the identifier beside the reference. */
  readonly space: string;
  readonly of: Expression;
}

/** A slot or choice that is there only for rows that satisfy a selection over this mapping's own columns. */
export interface When<T> {
  readonly node: 'when';
  readonly where: Selection;
  readonly to: T;
}

type Primitive = string | number | boolean;
type Leaf<X> = X | Binding<X> | (string extends X ? ReferenceBinding | LinkedBinding : never);

/**
 * A FHIR value whose leaves are constants or bindings. Homomorphic: what FHIR requires stays required.
 * An element exists for a row when at least one binding below it yields a value; constants alone never create one,
 * except in an element that holds constants only.
 */
export type Template<X> = [X] extends [Primitive]
  ? Leaf<X>
  : [X] extends [readonly (infer E)[]]
    ? readonly (Template<E> | When<Template<E>> | Each<E>)[]
    : Binding<X> | { readonly [K in keyof X]: Template<NonNullable<X[K]>> | When<Template<NonNullable<X[K]>>> };

/** Any node of a template, seen from inside the language. */
export type Node =
  | Primitive
  | Binding<unknown>
  | ReferenceBinding
  | LinkedBinding
  | Each<unknown>
  | When<unknown>
  | readonly Node[]
  | { readonly [element: string]: Node | undefined };

export type NodeKind = 'constant' | 'binding' | 'reference' | 'linked' | 'each' | 'when' | 'array' | 'element';

const marks: ReadonlySet<string> = new Set(['binding', 'reference', 'linked', 'each', 'when'] satisfies NodeKind[]);

export function kindOf(node: Node): NodeKind {
  if (typeof node !== 'object') return 'constant';
  if (Array.isArray(node)) return 'array';
  const mark = (node as { node?: unknown }).node;
  return typeof mark === 'string' && marks.has(mark) ? (mark as NodeKind) : 'element';
}

/** Is it the same for every row? */
export function constantOnly(node: Node): boolean {
  const kind = kindOf(node);
  if (kind === 'constant') return true;
  if (kind === 'array') return (node as readonly Node[]).every(constantOnly);
  return kind === 'element' && Object.values(node).every((child) => child === undefined || constantOnly(child));
}

/** What stands at the ends of a template: constants, bindings and references, those of conditions too, of related rows none. */
export function endsOf(node: Node | undefined): readonly Node[] {
  if (node === undefined) return [];
  switch (kindOf(node)) {
    case 'each':
      return [];
    case 'when':
      return endsOf((node as When<Node>).to);
    case 'array':
      return (node as readonly Node[]).flatMap(endsOf);
    case 'element':
      return Object.values(node).flatMap((child) => endsOf(child as Node | undefined));
    default:
      return [node];
  }
}
