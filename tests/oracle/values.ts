import type {
  Address,
  CodeableConcept,
  Coding,
  ContactPoint,
  HumanName,
  Identifier,
  Money,
  Period,
  Quantity,
  Range,
  Reference,
  Timing,
} from '@medplum/fhirtypes';
import { type Decimal, decimal } from './decimal.js';
import type { Element } from './elements.js';
import { fold } from './fold.js';
import { type InstantRange, instants } from './instants.js';
import { type LiteralReference, literalReference } from './reference-text.js';

export interface Text {
  readonly text: string;
  readonly folded: string;
}

/** One coding (or what stands for one); `system` undefined: no system present. */
export interface Token {
  readonly system?: string;
  readonly code?: string;
}

/** Quantities are points, a Range is closed and may be open at an end; `integer` numbers are compared exactly. */
export interface Measure {
  readonly low?: Decimal;
  readonly high?: Decimal;
  readonly integer: boolean;
  readonly system?: string;
  readonly code?: string;
  readonly unit?: string;
}

export interface Target extends LiteralReference {
  readonly text?: string;
  readonly identifier?: Token;
  /** A canonical without its `|version`. */
  readonly canonical?: string;
}

/** String parts (R4 search.html#string): of HumanName and Address the text parts only. */
export function texts({ type, value }: Element): Text[] {
  return textParts(type, value)
    .filter((part) => part !== undefined)
    .map((part) => ({ text: part, folded: fold(part) }));
}

function textParts(type: string, value: unknown): (string | undefined)[] {
  if (type === 'HumanName') {
    const { family, given = [], text, prefix = [], suffix = [] } = value as HumanName;
    return [family, ...given, text, ...prefix, ...suffix];
  }
  if (type === 'Address') {
    const { line = [], city, district, state, postalCode, country, text } = value as Address;
    return [...line, city, district, state, postalCode, country, text];
  }
  return [String(value)];
}

/** Codings, one by one (R4 search.html#token). */
export function tokens({ type, value, system }: Element): Token[] {
  switch (type) {
    case 'CodeableConcept':
      return ((value as CodeableConcept).coding ?? []).map(({ system, code }) => token(system, code));
    case 'Coding':
      return [token((value as Coding).system, (value as Coding).code)];
    case 'Identifier':
      return [token((value as Identifier).system, (value as Identifier).value)];
    case 'ContactPoint':
      return [token(undefined, (value as ContactPoint).value)];
    default:
      return [token(system, String(value))];
  }
}

function token(system: string | undefined, code: string | undefined): Token {
  return { ...(system !== undefined && { system }), ...(code !== undefined && { code }) };
}

/** What `:text` looks at: CodeableConcept.text, Coding.display, Identifier.type.text; folded. */
export function tokenTexts({ type, value }: Element): string[] {
  const found =
    type === 'CodeableConcept'
      ? [(value as CodeableConcept).text, ...((value as CodeableConcept).coding ?? []).map((coding) => coding.display)]
      : type === 'Coding'
        ? [(value as Coding).display]
        : type === 'Identifier'
          ? [(value as Identifier).type?.text]
          : [];
  return found.filter((text) => text !== undefined).map(fold);
}

/** Instants a date covers; an `instant` has no width, which is one millisecond here; a Period without start or end is open there, of a Timing the outer limits count. */
export function dates({ type, value }: Element): InstantRange[] {
  if (type === 'Period') return period(value as Period);
  if (type === 'Timing') return timing(value as Timing);
  const range = instants(String(value));
  if (!range) return [];
  return type === 'instant' ? [{ low: range.low, high: range.low + 1 }] : [range];
}

function period({ start, end }: Period): InstantRange[] {
  if (start === undefined && end === undefined) return [];
  const low = start === undefined ? Number.NEGATIVE_INFINITY : instants(start)?.low;
  const high = end === undefined ? Number.POSITIVE_INFINITY : instants(end)?.high;
  return low === undefined || high === undefined ? [] : [{ low, high }];
}

function timing({ event = [], repeat }: Timing): InstantRange[] {
  const ranges = event.flatMap((text) => instants(text) ?? []);
  if (repeat?.boundsPeriod) ranges.push(...period(repeat.boundsPeriod));
  if (ranges.length === 0) return [];
  return [{ low: Math.min(...ranges.map((r) => r.low)), high: Math.max(...ranges.map((r) => r.high)) }];
}

const integers = new Set(['integer', 'positiveInt', 'unsignedInt']);

/** Numbers and quantities; the code of Money is its currency, of ISO 4217. SampledData holds none. */
export function measures({ type, value }: Element): Measure[] {
  if (type === 'SampledData') return [];
  if (type === 'Range') {
    const { low, high } = value as Range;
    const unit = low ?? high;
    return unit ? [measure(unit, low?.value, high?.value)] : [];
  }
  if (type === 'Money') {
    const money = value as Money;
    const unit = { ...(money.currency !== undefined && { system: 'urn:iso:std:iso:4217', code: money.currency }) };
    return money.value === undefined ? [] : [measure(unit, money.value, money.value)];
  }
  if (typeof value === 'object' && value !== null && 'value' in value) {
    const quantity = value as Quantity;
    return quantity.value === undefined ? [] : [measure(quantity, quantity.value, quantity.value)];
  }
  const number = decimal(String(value));
  return number ? [{ low: number, high: number, integer: integers.has(type) }] : [];
}

function measure({ system, code, unit }: Quantity, low: unknown, high: unknown): Measure {
  const lowest = low === undefined ? undefined : decimal(String(low));
  const highest = high === undefined ? undefined : decimal(String(high));
  return {
    integer: false,
    ...(lowest && { low: lowest }),
    ...(highest && { high: highest }),
    ...(system !== undefined && { system }),
    ...(code !== undefined && { code }),
    ...(unit !== undefined && { unit }),
  };
}

export function targets({ type, value }: Element, base: string): Target[] {
  if (type !== 'Reference')
    return [{ text: String(value), url: String(value), canonical: String(value).split('|')[0]! }];
  const { reference, identifier } = value as Reference;
  return [
    {
      ...(reference !== undefined && { text: reference, ...literalReference(reference, base) }),
      ...(identifier && { identifier: token(identifier.system, identifier.value) }),
    },
  ];
}

/** A uri, and of a canonical also the part before `|version`. */
export function uris({ type, value }: Element): string[] {
  const text = String(value);
  return type === 'canonical' && text.includes('|') ? [text, text.split('|')[0]!] : [text];
}
