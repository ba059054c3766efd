import neo4j from 'neo4j-driver';
import { batches } from '../batches.js';

/** Rows that one statement takes as `$rows`. */
export interface GraphStep {
  readonly statement: string;
  readonly rows: Iterable<Readonly<Record<string, unknown>>>;
}

/** Nodes and relationships. Whatever has one of the labels is replaced, with its relationships; other nodes are left alone. */
export interface Graph {
  readonly labels: readonly string[];
  /** Statements before the rows and after them: indexes. */
  readonly prepare: readonly string[];
  readonly steps: readonly GraphStep[];
  readonly finish: readonly string[];
}

const ROWS = 1_000;

/** Fills a Neo4j database; yields the number of rows of each batch. `url`: `bolt://user:password@host:port`, with `/database` where it has several. */
export async function* loadNeo4j(url: string, { labels, prepare, steps, finish }: Graph): AsyncGenerator<number> {
  const server = new URL(url);
  const [user, password] = [server.username, server.password].map(decodeURIComponent) as [string, string];
  const driver = neo4j.driver(
    `${server.protocol}//${server.host}`,
    ...(user === '' ? [] : [neo4j.auth.basic(user, password)]),
  );
  const database = server.pathname.length > 1 ? { database: decodeURIComponent(server.pathname.slice(1)) } : {};
  // By `run`, which takes statements that make transactions of their own.
  const session = driver.session(database);
  const run = (statement: string, parameters = {}) => session.run(statement, parameters);
  try {
    for (const label of labels)
      await run(`MATCH (n:${name(label)}) CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF ${ROWS} ROWS`);
    for (const statement of prepare) await run(statement);
    for (const { statement, rows } of steps)
      for (const batch of batches(rows, ROWS)) {
        await run(statement, { rows: batch });
        yield batch.length;
      }
    for (const statement of finish) await run(statement);
  } finally {
    await session.close();
    await driver.close();
  }
}

function name(label: string): string {
  return `\`${label.replaceAll('`', '``')}\``;
}
