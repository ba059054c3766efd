import type { Explanation, SourceExplanation } from '../execution/engine.js';
import type { NativeQuery } from '../source/adapter.js';

/** A plan for a reader at a terminal; `plans`: with each database's own EXPLAIN. Bound values stand apart from the query that binds them. */
export function explanationText(
  search: string,
  { sources, pruned, chains, order }: Explanation,
  plans = false,
): string {
  const lines = [search, `order: ${order.join(', ')}`];
  if (sources.length === 0) lines.push('', 'No source is asked.');
  for (const source of sources) lines.push('', ...sourceLines(source, plans));
  lines.push(...prunedLines(pruned));
  for (const { chain, type, sources: asked, pruned: unasked } of chains) {
    lines.push('', `The other end of ${chain}: ${type}`);
    for (const source of asked) lines.push('', ...sourceLines(source, plans));
    lines.push(...prunedLines(unasked));
  }
  return `${lines.join('\n')}\n`;
}

function prunedLines(pruned: Explanation['pruned']): readonly string[] {
  if (pruned.length === 0) return [];
  return ['', 'Not asked:', ...pruned.map(({ source, mapping, reason }) => `  ${source}/${mapping}: ${reason}`)];
}

const ways = {
  source: 'by the source, and a probe of its other end where that is in doubt',
  ids: 'the ids at its other end, or a probe when they are too many',
  probe: 'a probe of its other end for what the source hands over',
};

function sourceLines(explained: SourceExplanation, plans: boolean): readonly string[] {
  const { source, mapping, queries, unanswered, pushed, residual, open, orderGuaranteed, limitGuaranteed, together } =
    explained;
  return [
    `${source}/${mapping}`,
    `  pushed:   ${pushed.length > 0 ? pushed.join(' & ') : 'nothing'}`,
    ...(residual.length === 0
      ? ['  remained: nothing']
      : residual.map(({ condition, reason }) => `  remained: ${condition} (${reason})`)),
    ...open.map(({ chain, by, reason }) => `  chain:    ${chain}: ${ways[by]} (${reason})`),
    `  order:    ${orderGuaranteed ? 'by the source' : 'sorted here, after decoding'}`,
    `  limit:    ${limitGuaranteed ? 'by the source' : 'here: the source is read on until the page is full'}`,
    ...(together ? [`  together: one query for ${together.join(', ')}`] : []),
    ...(unanswered === undefined ? [] : [`  away:     ${unanswered}`]),
    ...queries.flatMap((query) => queryLines(query, plans)),
  ];
}

const longest = 1500;

function queryLines({ text, values, access, index, plan = [] }: NativeQuery, plans: boolean): readonly string[] {
  const shown =
    text.length > longest ? `${text.slice(0, longest)} … (${text.length} characters; --json shows all)` : text;
  return [
    `  ${access}${index === undefined ? '' : ` ${index}`}:`,
    `    ${shown.replace(/[\p{Cc}\p{Zl}\p{Zp}]/gu, visible)}`,
    ...(values.length > 0 ? [`    bound: ${values.map(literal).join(', ')}`] : []),
    ...(plans ? plan.map((line) => `    plan:  ${line.replace(/[\p{Cc}\p{Zl}\p{Zp}]/gu, visible)}`) : []),
  ];
}

function visible(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** White space that a reader cannot see is told by its number. */
function literal(value: unknown): string {
  const text = typeof value === 'bigint' ? String(value) : (JSON.stringify(value) ?? String(value));
  return text.replace(/[^\P{Z} ]|\p{Cf}/gu, visible);
}
