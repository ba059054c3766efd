import type { Connection, Plan, Statement } from '../sql/server/vendor.js';

/** https://dev.mysql.com/doc/refman/8.0/en/explain-output.html; MySQL says one column, `partitions`, more than MariaDB. */
export async function explain(connection: Connection, { text, values }: Statement, timeoutMs: number): Promise<Plan> {
  const rows = await connection.run({ text: `EXPLAIN ${text}`, values }, timeoutMs);
  const plan = rows.map((row) => row.map((cell) => cell ?? '-').join(' | '));
  const own = rows
    .filter(([, , table]) => table === 't0' || table === 'k')
    .map((row) => row.slice(row.length > 10 ? 4 : 3));
  const [first] = own;
  if (!first) return { access: 'key', plan };
  const [type, , key] = first;
  if (key === null || key === undefined) return { access: type === 'ALL' ? 'scan' : 'key', plan };
  if (type === 'const' || type === 'eq_ref' || type === 'system') return { access: 'key', index: key, plan };
  return { access: type === 'index' && !/ LIMIT \d+$/.test(text) ? 'scan' : 'index', index: key, plan };
}
