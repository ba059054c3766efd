import type { Connection, Plan, Statement } from './vendor.js';

/** A plan told in lines, of which one names the index that it uses. */
export async function explainedByLines(
  connection: Connection,
  { text, values }: Statement,
  timeoutMs: number,
): Promise<Plan> {
  const rows = await connection.run({ text: `EXPLAIN ${text}`, values }, timeoutMs);
  const plan = rows.map((row) => row.map((cell) => cell ?? '-').join(' | '));
  const index = /\b(?:using|Index Scan on) (?:index )?"?(\w+)/i.exec(plan.join('\n'))?.[1];
  return index === undefined ? { access: 'scan', plan } : { access: 'index', index, plan };
}
