import type { Explanation, SourceExplanation } from '../execution/engine.js';
import type { NativeQuery } from '../source/adapter.js';

/** A plan for a reader at a terminal. Bound values stand apart from the query that binds them. */
export function explanationText(search: string, { sources, pruned, order }: Explanation): string {
  const lines = [search, `order: ${order.join(', ')}`];
  if (sources.length === 0) lines.push('', 'No source is asked.');
  for (const source of sources) lines.push('', ...sourceLines(source));
  if (pruned.length > 0) {
    lines.push('', 'Not asked:');
    for (const { source, mapping, reason } of pruned) lines.push(`  ${source}/${mapping}: ${reason}`);
  }
  return `${lines.join('\n')}\n`;
}

function sourceLines(explained: SourceExplanation): readonly string[] {
  const { source, mapping, queries, pushed, residual, orderGuaranteed, limitGuaranteed } = explained;
  return [
    `${source}/${mapping}`,
    `  pushed:   ${pushed.length > 0 ? pushed.join(' & ') : 'nothing'}`,
    ...(residual.length === 0
      ? ['  remained: nothing']
      : residual.map(({ condition, reason }) => `  remained: ${condition} (${reason})`)),
    `  order:    ${orderGuaranteed ? 'by the source' : 'sorted here, after decoding'}`,
    `  limit:    ${limitGuaranteed ? 'by the source' : 'here: the source is read on until the page is full'}`,
    ...queries.flatMap(queryLines),
  ];
}

function queryLines({ text, values, access, index }: NativeQuery): readonly string[] {
  const how =
    access === 'scan' ? 'reads every row' : access === 'key' ? 'finds rows by their key' : 'searches an index';
  return [
    `  ${access}${index === undefined ? '' : ` ${index}`}: ${how}`,
    ...text
      .trim()
      .split('\n')
      .map((line) => `    ${line}`),
    ...values.map((value, i) => `    ${i + 1} = ${literal(value)}`),
  ];
}

function literal(value: unknown): string {
  return typeof value === 'bigint' ? String(value) : (JSON.stringify(value) ?? String(value));
}
