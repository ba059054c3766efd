import { elements, elementsNamed, resourceTypes } from '../fhir/elements.js';
import type { SearchParameter } from '../fhir/search-parameters.js';
import type { Include, Query, SortKey } from '../query/query.js';
import { invalidValue } from './invalid-value.js';
import type { SearchContext } from './search-context.js';

/** Parameters that shape the result instead of selecting resources (R4 search.html#return). `_format` and `_pretty` are read by `http/`. */
export const resultParameters = [
  '_sort',
  '_count',
  '_total',
  '_summary',
  '_elements',
  '_include',
  '_revinclude',
  '_format',
  '_pretty',
  '_cursor',
] as const;

export type ResultParameter = (typeof resultParameters)[number];

export type ResultShape = Omit<Query, 'type' | 'conditions' | 'chains'>;

/** What lenient handling leaves out: an unknown sort key or include. */
type Ignore = (asked: string, fault: Error) => void;

type Asked = ReadonlyMap<ResultParameter, readonly string[]>;

/** Reads the result parameters, each with all values given for it; empty values are already gone. */
export function readResultParameters(type: string, asked: Asked, context: SearchContext, ignore: Ignore): ResultShape {
  const count = readCount(single(asked, '_count'), context);
  const part = oneOf(asked, '_summary', ['true', 'text', 'data', 'count', 'false'] as const) ?? 'false';
  const summary = count === 0 ? 'count' : part;
  const cursor = single(asked, '_cursor');
  oneOf(asked, '_pretty', ['true', 'false'] as const);
  single(asked, '_format');
  const shape = {
    sort: readSort(type, single(asked, '_sort'), context, ignore),
    count,
    total: oneOf(asked, '_total', ['none', 'estimate', 'accurate'] as const) ?? 'none',
    summary,
    elements: readElements(type, asked.get('_elements') ?? []),
    include: readIncludes(asked, '_include', ignore, (text) => readInclude(type, text, context)),
    revinclude: readIncludes(asked, '_revinclude', ignore, (text) => readRevinclude(type, text, context)),
    ...(cursor !== undefined && { cursor }),
  } as const;
  // R4 search.html#summary: includes cannot be mixed with the text summary.
  if (summary === 'text' && shape.include.length + shape.revinclude.length > 0) {
    throw invalidValue('_summary', '"text" cannot be combined with _include or _revinclude');
  }
  return shape;
}

function single(asked: Asked, name: ResultParameter): string | undefined {
  const values = asked.get(name) ?? [];
  if (values.length > 1) throw invalidValue(name, 'it may be given once');
  return values[0];
}

function oneOf<T extends string>(asked: Asked, name: ResultParameter, allowed: readonly T[]): T | undefined {
  const text = single(asked, name);
  if (text === undefined) return undefined;
  const value = allowed.find((each) => each === text);
  if (value === undefined) throw invalidValue(name, allowed.join(', '));
  return value;
}

function readCount(text: string | undefined, { maxCount, defaultCount }: SearchContext): number {
  if (text === undefined) return defaultCount;
  if (!/^\d{1,9}$/.test(text)) throw invalidValue('_count', 'a whole number, 0 or more');
  return Math.min(Number(text), maxCount);
}

function readSort(
  type: string,
  text: string | undefined,
  { supported }: SearchContext,
  ignore: Ignore,
): readonly SortKey[] {
  if (text === undefined) return [];
  const keys: SortKey[] = [];
  for (const each of text.split(',')) {
    const code = each.startsWith('-') ? each.slice(1) : each;
    const parameter = supported(type).get(code);
    if (!parameter || parameter.type === 'composite' || parameter.type === 'special') {
      ignore(`_sort=${each}`, invalidValue('_sort', `${type} cannot be sorted by "${code}"`));
    } else if (!keys.some((key) => key.parameter === parameter)) {
      // A key that comes again no longer changes the order.
      keys.push({ parameter, direction: each.startsWith('-') ? 'desc' : 'asc' });
    }
  }
  return keys;
}

/** Names of elements at the root, of a choice with or without its type (R4 search.html#elements). */
function readElements(type: string, values: readonly string[]): readonly string[] {
  const names = values.flatMap((value) => value.split(',')).map((name) => name.trim().replace(/\[x\]$/, ''));
  for (const name of names) {
    if (elementsNamed(type, name).length === 0)
      throw invalidValue(
        '_elements',
        `names of elements of ${type}: ${[...(elements(type)?.keys() ?? [])].join(', ')}`,
      );
  }
  return [...new Set(names)];
}

function readIncludes(
  asked: Asked,
  name: '_include' | '_revinclude',
  ignore: Ignore,
  read: (text: string) => Include,
): readonly Include[] {
  return [...new Set(asked.get(name) ?? [])].flatMap((text) => {
    try {
      return [read(text)];
    } catch (fault) {
      ignore(`${name}=${text}`, fault as Error);
      return [];
    }
  });
}

/** R4 search.html#include: `Source:parameter[:Target]`, `Source:*` or `*`. Without `:iterate` only the searched type can be the source. */
function readInclude(type: string, asked: string, { supported }: SearchContext): Include {
  if (asked === '*') return { source: type, asked };
  const { source, code, target } = readParts('_include', asked);
  if (source !== type) throw invalidValue('_include', `only ${type} can be the source, as in ${type}:parameter`);
  if (code === '*') return { source, ...(target !== undefined && { target }), asked };
  return {
    source,
    parameter: referenceParameter('_include', supported(source), source, code, target),
    ...(target !== undefined && { target }),
    asked,
  };
}

/** R4 search.html#revinclude: the parameter of the source must be able to point at the searched type. */
function readRevinclude(type: string, asked: string, { supported }: SearchContext): Include {
  const { source, code, target } = readParts('_revinclude', asked);
  if (target !== undefined && target !== type) throw invalidValue('_revinclude', `the target can only be ${type}`);
  if (code === '*') return { source, target: type, asked };
  return {
    source,
    parameter: referenceParameter('_revinclude', supported(source), source, code, type),
    target: type,
    asked,
  };
}

function readParts(name: string, asked: string): { source: string; code: string; target?: string } {
  const [source = '', code = '', target, ...more] = asked.split(':');
  if (code === '' || more.length > 0) throw invalidValue(name, 'Type:parameter or Type:parameter:Target');
  for (const each of target === undefined ? [source] : [source, target]) {
    if (!resourceTypes.has(each)) throw invalidValue(name, `"${each}" is not a resource type`);
  }
  return { source, code, ...(target !== undefined && { target }) };
}

function referenceParameter(
  name: string,
  parameters: ReadonlyMap<string, SearchParameter>,
  source: string,
  code: string,
  target: string | undefined,
): SearchParameter {
  const references = [...parameters.values()].filter((each) => each.type === 'reference');
  const parameter = references.find((each) => each.code === code);
  if (!parameter) {
    throw invalidValue(
      name,
      `${source} has no such reference parameter. Valid: ${
        references
          .map((each) => each.code)
          .sort()
          .join(', ') || 'none'
      }`,
    );
  }
  if (target !== undefined && !(parameter.target ?? []).includes(target)) {
    throw invalidValue(name, `${source}:${code} never refers to ${target}`);
  }
  return parameter;
}
