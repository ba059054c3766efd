import type { SearchParameter } from '../fhir/search-parameters.js';

/**
 * What FHIR asks, once the text is read: the tree between `search/` (which makes it) and `plan/`. It knows no column.
 * Dates and numbers are already ranges, prefixes are tests; `query/matches.ts` is its reference meaning.
 */
export interface Query {
  readonly type: string;
  /** ANDed. */
  readonly conditions: readonly Condition[];
  /** ANDed with the conditions; each for itself, so that two may be satisfied by different resources. */
  readonly chains: readonly Chain[];
  readonly sort: readonly SortKey[];
  readonly count: number;
  readonly total: 'none' | 'estimate' | 'accurate';
  readonly summary: 'true' | 'text' | 'data' | 'count' | 'false';
  readonly elements: readonly string[];
  readonly include: readonly Include[];
  readonly revinclude: readonly Include[];
  /** The opaque text of a `_cursor` parameter, still sealed. */
  readonly cursor?: string;
}

/** One occurrence of a search parameter: its values are ORed (or, with `not`, the whole is complemented). */
export interface Condition {
  readonly parameter: SearchParameter;
  readonly modifier?: Modifier;
  /** Empty only with `missing`. */
  readonly values: readonly SearchValue[];
  /** Only with the modifier `missing`. */
  readonly missing?: boolean;
  /** As it was asked, for the self link: name with modifier, and the raw (decoded) value. */
  readonly asked: { readonly name: string; readonly value: string };
}

/**
 * A condition on another resource: one that the searched resource refers to (`subject:Patient.name`, R4 search.html#chaining),
 * or one that refers to it (`_has:Observation:patient:code`, R4 search.html#has). It holds when there is such a resource.
 */
export interface Chain {
  /** `to`: the searched resource refers to the other; `from`: the other refers to it. */
  readonly direction: 'to' | 'from';
  /** The reference between the two: a parameter of the searched type (`to`), or of the other type (`from`). */
  readonly reference: SearchParameter;
  /** The type of the other resource. */
  readonly type: string;
  /** ANDed, of the other resource alone. */
  readonly conditions: readonly Condition[];
  /** The sources of which resources between the two are linked with others, which count as they do (identity/links.ts). */
  readonly linked?: ReadonlySet<string>;
  readonly asked: Condition['asked'];
}

export type Modifier = 'exact' | 'contains' | 'missing' | 'not' | 'text' | 'identifier';

export type SearchValue =
  | StringValue
  | TokenValue
  | DateValue
  | NumberValue
  | QuantityValue
  | ReferenceValue
  | UriValue
  | IdentifierValue
  | CompositeValue;

export interface StringValue {
  readonly kind: 'string';
  /** As asked, unescaped, trimmed. */
  readonly text: string;
}

/** R4 search.html#token. `system` undefined: any; '' : `|code`, no system present. `code` undefined: `system|`. */
export interface TokenValue {
  readonly kind: 'token';
  readonly system?: string;
  readonly code?: string;
}

export type Prefix = 'eq' | 'ne' | 'gt' | 'lt' | 'ge' | 'le' | 'sa' | 'eb' | 'ap';

/** A date search value as the half-open range [low, high) it covers. */
export interface DateValue {
  readonly kind: 'date';
  readonly prefix: Prefix;
  /** As asked, without prefix, with an offset where it has a time (`2024-05`, `2024-05-01T10:00:00+02:00`). */
  readonly text: string;
  /** Epoch milliseconds; for `ap` already widened by 10 % of the distance from now to its start. A value without time is read in the server's zone, which is UTC. */
  readonly low: number;
  readonly high: number;
}

/** The exact decimal and its implicit range, as plain decimal texts (R4 search.html#number). For `ap` the range is widened by 10 %. */
export interface NumberValue {
  readonly kind: 'number';
  readonly prefix: Prefix;
  readonly value: string;
  readonly low: string;
  readonly high: string;
}

/** `system` undefined: any; '' : none. `code` matches Quantity.code, or Quantity.unit when no system was given (R4 search.html#quantity). */
export interface QuantityValue extends Omit<NumberValue, 'kind'> {
  readonly kind: 'quantity';
  readonly system?: string;
  readonly code?: string;
}

/** A relative, absolute or bare reference. `type` is set when it was given, by value or as a `:[type]` modifier. */
export interface ReferenceValue {
  readonly kind: 'reference';
  readonly type?: string;
  /** Logical id, when the reference is relative, bare, or absolute to this server. */
  readonly id?: string;
  /** An absolute URL (of another server), or a canonical. */
  readonly url?: string;
}

export interface UriValue {
  readonly kind: 'uri';
  readonly uri: string;
}

/** A value of `:identifier`: matches Reference.identifier only. */
export interface IdentifierValue {
  readonly kind: 'identifier';
  readonly system?: string;
  readonly code?: string;
}

/** One value per component of the parameter, in their order; all match within one element (R4 search.html#composite). */
export interface CompositeValue {
  readonly kind: 'composite';
  readonly parts: readonly SearchValue[];
}

export interface SortKey {
  readonly parameter: SearchParameter;
  readonly direction: 'asc' | 'desc';
}

/** `_include=Source:parameter:Target` (and `_revinclude`); `parameter` undefined is the wildcard. */
export interface Include {
  readonly source: string;
  readonly parameter?: SearchParameter;
  readonly target?: string;
  readonly asked: string;
}
