import type { Query } from './query.js';

/**
 * The query as search text, without `?`: conditions and chains as they were asked, then what shapes the result, with the defaults left
 * out. The self link (R4 search.html#conformance: what was applied) and the hash that binds a cursor; the cursor is not part of it.
 */
export function print(query: Query): string {
  const pairs: [string, string][] = [...query.conditions, ...query.chains].map(({ asked }) => [
    asked.name,
    asked.value,
  ]);
  if (query.sort.length > 0)
    pairs.push([
      '_sort',
      query.sort.map(({ parameter, direction }) => (direction === 'desc' ? '-' : '') + parameter.code).join(','),
    ]);
  if (query.summary !== 'false') pairs.push(['_summary', query.summary]);
  if (query.summary !== 'count') pairs.push(['_count', String(query.count)]);
  if (query.total !== 'none') pairs.push(['_total', query.total]);
  if (query.elements.length > 0) pairs.push(['_elements', query.elements.join(',')]);
  for (const { asked } of query.include) pairs.push(['_include', asked]);
  for (const { asked } of query.revinclude) pairs.push(['_revinclude', asked]);
  return pairs.map(([name, value]) => `${encode(name)}=${encode(value)}`).join('&');
}

const plain = /^[\w.~:,/$@-]*$/;
const readable: Readonly<Record<string, string>> = { '%3A': ':', '%2C': ',', '%2F': '/', '%24': '$', '%40': '@' };

/** RFC 3986 allows `:`, `,`, `/`, `$` and `@` in a query; they stay readable. Half of a surrogate pair has no UTF-8 form. */
function encode(text: string): string {
  if (plain.test(text)) return text;
  return encodeURIComponent(text.toWellFormed()).replace(/%(?:3A|2C|2F|24|40)/g, (escaped) => readable[escaped]!);
}
