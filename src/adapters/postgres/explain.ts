import type { Connection, Plan, Statement } from '../sql/server/vendor.js';

interface Node {
  readonly 'Node Type': string;
  readonly Alias?: string;
  readonly 'Index Name'?: string;
  readonly 'Index Cond'?: string;
  readonly 'Relation Name'?: string;
  readonly Plans?: readonly Node[];
}

/** Its alias, with a number behind it in a partition. */
const ofFirstTable = /^(t0|k)(_\d+)?$/;

/** What PostgreSQL would do to find the rows of a statement's first table: https://www.postgresql.org/docs/current/sql-explain.html */
export async function explain(connection: Connection, { text, values }: Statement, timeoutMs: number): Promise<Plan> {
  const rows = await connection.run({ text: `EXPLAIN (FORMAT JSON) ${text}`, values }, timeoutMs);
  const [{ Plan: root }] = JSON.parse(rows[0]![0]!) as [{ Plan: Node }];
  const plan = written(root);
  const nodes = beneath(root).filter(({ Alias = '' }) => ofFirstTable.test(Alias));
  const used = nodes.flatMap(beneath).filter((node) => node['Index Name'] !== undefined);
  const index = used[0]?.['Index Name'];
  if (index === undefined) return { access: nodes.length === 0 ? 'key' : 'scan', plan };
  const conditions = used.map((node) => node['Index Cond']);
  const ordered = root['Node Type'] === 'Limit';
  if (conditions.some((one) => one === undefined) && !ordered) return { access: 'scan', index, plan };
  const equal = used.length === 1 && conditions[0] !== undefined && !/[<>]/.test(conditions[0]);
  return { access: equal && (await isUnique(connection, index, timeoutMs)) ? 'key' : 'index', index, plan };
}

async function isUnique(connection: Connection, index: string, timeoutMs: number): Promise<boolean> {
  const text =
    'SELECT bool_and(indisunique)::text FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid WHERE c.relname = $1';
  return (await connection.run({ text, values: [index] }, timeoutMs))[0]?.[0] === 'true';
}

/** A node a line, what is beneath it indented; filters, which repeat the statement, left out. */
function written(node: Node, depth = 0): readonly string[] {
  const { 'Index Name': index, 'Relation Name': table, Alias: alias, 'Index Cond': condition } = node;
  const using = index === undefined ? '' : ` using ${index}`;
  const on = table === undefined ? '' : ` on ${table} ${alias}`;
  const line = `${'  '.repeat(depth)}${node['Node Type']}${using}${on}${condition === undefined ? '' : ` ${condition}`}`;
  return [line, ...(node.Plans ?? []).flatMap((inner) => written(inner, depth + 1))];
}

function beneath(node: Node): readonly Node[] {
  return [node, ...(node.Plans ?? []).flatMap(beneath)];
}
