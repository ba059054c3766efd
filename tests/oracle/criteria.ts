import type { SearchParameter } from '@medplum/fhirtypes';
import { compareDecimals, numberRange } from './decimal.js';
import type { Element } from './elements.js';
import { fold } from './fold.js';
import { type InstantRange, instants } from './instants.js';
import { splitUnescaped, unescapeValue } from './query-text.js';
import { literalReference } from './reference-text.js';
import { Refused } from './refused.js';
import type { Measure, Target, Text, Token } from './values.js';
import { dates, measures, targets, texts, tokens, tokenTexts, uris } from './values.js';

/** What the values of one criterion, and of the resources, are measured by. */
export interface Context {
  /** The server's own base URL, without a slash at its end. */
  readonly base: string;
  readonly now: Date;
}

/** One criterion of a search, against the elements of one parameter: which value of an element is looked at, and the test of it. */
export interface Test<V> {
  /** Names the extraction, so that a pool keeps its result. */
  readonly view: string;
  readonly values: (element: Element) => V[];
  readonly matches: (value: V) => boolean;
}

/** The test of one (still escaped) value of an OR list. Refuses what R4 does not allow. */
export function testOf(
  parameter: SearchParameter,
  modifier: string | undefined,
  value: string,
  context: Context,
): Test<never> {
  return readTest(parameter, modifier, value, context) as Test<never>;
}

function readTest(
  parameter: SearchParameter,
  modifier: string | undefined,
  value: string,
  context: Context,
): Test<never> | object {
  switch (parameter.type) {
    case 'string':
      return { view: 'texts', values: texts, matches: stringTest(modifier, unescapeValue(value).trim()) };
    case 'token':
      if (modifier === 'text') {
        const asked = fold(unescapeValue(value).trim());
        return { view: 'tokenTexts', values: tokenTexts, matches: (text: string) => text.startsWith(asked) };
      }
      refuseModifier(modifier, ['not']);
      return { view: 'tokens', values: tokens, matches: tokenTest(value) };
    case 'date':
      refuseModifier(modifier, []);
      return { view: 'dates', values: dates, matches: dateTest(value, context.now) };
    case 'number':
    case 'quantity':
      refuseModifier(modifier, []);
      return { view: 'measures', values: measures, matches: measureTest(value) };
    case 'reference':
      return {
        view: `targets ${context.base}`,
        values: (element: Element) => targets(element, context.base),
        matches: referenceTest(modifier, value, context.base),
      };
    case 'uri': {
      refuseModifier(modifier, []);
      const asked = unescapeValue(value);
      return { view: 'uris', values: uris, matches: (uri: string) => uri === asked };
    }
    default:
      throw new Refused(`${parameter.type} is not judged`);
  }
}

function refuseModifier(modifier: string | undefined, allowed: readonly string[]): void {
  if (modifier !== undefined && !allowed.includes(modifier)) throw new Refused(`modifier ${modifier}`);
}

function stringTest(modifier: string | undefined, asked: string): (value: Text) => boolean {
  const folded = fold(asked);
  if (modifier === undefined) return (value) => value.folded.startsWith(folded);
  if (modifier === 'contains') return (value) => value.folded.includes(folded);
  refuseModifier(modifier, ['exact']);
  return (value) => value.text === asked;
}

/** `code`, `system|code`, `|code` (no system present), `system|`; system and code of the same coding, case-sensitive. */
function tokenTest(value: string): (value: Token) => boolean {
  const parts = splitUnescaped(value, '|').map(unescapeValue);
  if (parts.length > 2) throw new Refused(`token ${value}`);
  if (parts.length === 1) return ({ code }) => code === parts[0];
  const [system, code] = parts as [string, string];
  if (code === '') return (coding) => coding.system === system;
  if (system === '') return (coding) => coding.system === undefined && coding.code === code;
  return (coding) => coding.system === system && coding.code === code;
}

/**
 * R4 search.html#prefix over ranges. `ap` widens the search range on either side by 10 % of |now - low|, in whole
 * milliseconds rounded down, where low is the first instant of the search range; it matches what then overlaps.
 */
function dateTest(text: string, now: Date): (value: InstantRange) => boolean {
  const [prefix, rest] = splitPrefix(unescapeValue(text));
  const asked = instants(rest.replace(' ', '+'));
  if (!asked) throw new Refused(`not a date: ${text}`);
  const { low, high } = asked;
  const contains = (value: InstantRange) => low <= value.low && value.high <= high;
  const widening = Math.floor(Math.abs(now.getTime() - low) / 10);
  const tests: Record<Prefix, (value: InstantRange) => boolean> = {
    eq: contains,
    ne: (value) => !contains(value),
    gt: (value) => value.high > high,
    lt: (value) => value.low < low,
    ge: (value) => value.high > high || contains(value),
    le: (value) => value.low < low || contains(value),
    sa: (value) => value.low >= high,
    eb: (value) => value.high <= low,
    ap: (value) => value.low < high + widening && value.high > low - widening,
  };
  return tests[prefix];
}

/** `[prefix]number`, and for a quantity `|system|code` or `||unit`, where the unit is a code or the human text of it. */
function measureTest(text: string): (value: Measure) => boolean {
  const parts = splitUnescaped(text, '|').map(unescapeValue);
  if (parts.length !== 1 && parts.length !== 3) throw new Refused(`quantity ${text}`);
  const [number, system = '', code = ''] = parts as [string, string?, string?];
  const compares = numberTest(number);
  if (parts.length === 1 || (system === '' && code === '')) return compares;
  if (system === '') return (value) => (value.code === code || value.unit === code) && compares(value);
  return (value) => value.system === system && (code === '' || value.code === code) && compares(value);
}

/** `eq`, `ne` and `ap` by the implicit range of the number, the others by its exact value (R4 search.html#number). */
function numberTest(text: string): (value: Measure) => boolean {
  const [prefix, rest] = splitPrefix(text);
  const { value: exact, low, high } = numberRange(rest, prefix === 'ap');
  const above = (value: Measure) => value.high === undefined || compareDecimals(value.high, exact) > 0;
  const below = (value: Measure) => value.low === undefined || compareDecimals(value.low, exact) < 0;
  const equals = (value: Measure) => {
    if (value.low === undefined || value.high === undefined) return false;
    if (value.integer) return compareDecimals(value.low, exact) === 0;
    return compareDecimals(low, value.low) <= 0 && compareDecimals(value.high, high) < 0;
  };
  const reaches = (value: Measure) => value.high !== undefined && compareDecimals(value.high, exact) === 0;
  const starts = (value: Measure) => value.low !== undefined && compareDecimals(value.low, exact) === 0;
  const tests: Record<Prefix, (value: Measure) => boolean> = {
    eq: equals,
    ne: (value) => !equals(value),
    gt: above,
    lt: below,
    ge: (value) => above(value) || reaches(value),
    le: (value) => below(value) || starts(value),
    sa: (value) => value.low !== undefined && compareDecimals(value.low, exact) > 0,
    eb: (value) => value.high !== undefined && compareDecimals(value.high, exact) < 0,
    ap: (value) =>
      (value.low === undefined || compareDecimals(value.low, high) < 0) &&
      (value.high === undefined || compareDecimals(value.high, low) >= 0),
  };
  return tests[prefix];
}

/** `id`, `Type/id`, URL (own base = relative), `:Type` with an id, `:identifier` with a token; a canonical with or without version. */
function referenceTest(modifier: string | undefined, text: string, base: string): (value: Target) => boolean {
  if (modifier === 'identifier') {
    const test = tokenTest(text);
    return ({ identifier }) => identifier !== undefined && test(identifier);
  }
  if (modifier !== undefined && !/^[A-Z][A-Za-z]+$/.test(modifier)) throw new Refused(`modifier ${modifier}`);
  const value = unescapeValue(text);
  const asked = literalReference(value, base);
  if (asked.id !== undefined) {
    if (modifier !== undefined && modifier !== asked.type) return () => false;
    return ({ type, id }) => type === asked.type && id === asked.id;
  }
  if (modifier !== undefined) return ({ type, id }) => type === modifier && id === value;
  return (target) =>
    target.id === value || (target.url !== undefined && (target.url === asked.url || target.canonical === value));
}

type Prefix = (typeof prefixes)[number];

export const prefixes = ['eq', 'ne', 'gt', 'lt', 'ge', 'le', 'sa', 'eb', 'ap'] as const;

function splitPrefix(text: string): [Prefix, string] {
  const found = prefixes.find((prefix) => text.startsWith(prefix));
  return found ? [found, text.slice(2)] : ['eq', text];
}
