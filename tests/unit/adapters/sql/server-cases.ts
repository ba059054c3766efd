import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Connection } from '#src/adapters/sql/server/vendor.js';
import type { Adapter, Call, Scan, SourceLocation } from '#src/source/adapter.js';
import type { ExpressionType } from '#src/source/expression.js';
import type { TableRelation } from '#src/source/relation.js';
import { predicate } from '#src/source/select.js';
import { FALSE, type Leaf, not, type Selection, TRUE } from '#src/source/selection.js';
import { collect, column, patient } from '../../../contracts/ask.js';
import { liveMemory } from '../../../support/live-memory.js';

/** A database of its own on a real server, as its owner sees it. */
export interface OwnDatabase {
  readonly url: string;
  readonly run: (sql: string) => Promise<unknown>;
  /** Texts of the statements that run in the database now, but this one. */
  readonly running: () => Promise<readonly string[]>;
  /** Sessions of the adapter. */
  readonly sessions: () => Promise<number>;
  /** Ends the sessions of the adapter. */
  readonly endSessions: () => Promise<void>;
  readonly close: () => Promise<void>;
}

export interface ServerSubject {
  readonly name: string;
  readonly database: () => Promise<OwnDatabase>;
  readonly open: (source: SourceLocation) => Adapter;
  readonly connect: (url: string) => Promise<Connection>;
  readonly meaning: (error: unknown) => unknown;
  /** Statements that make `typed` (one row of each native type), `slow` (a view, 50 ms for each row) and `many` (200,000 rows of 1 kB),
   * `words` (id, name, born: texts, indexed), and `unreal` (id; only the row 1 has values, the others what is like them and is none). */
  readonly schema: readonly string[];
  /** The row of `typed`, as cells. */
  readonly typed: Readonly<Record<string, unknown>>;
  /** The columns of `unreal`. */
  readonly unreal: readonly (readonly [column: string, as: ExpressionType])[];
  /** Why texts are not found by an index; absent: they are. */
  readonly withoutIndexes?: string;
  /** Values in `typed` -> what the database is asked natively, with an index. */
  readonly searches: readonly (readonly [column: string, as: ExpressionType, value: string | bigint])[];
}

const table = (name: string, ...columns: readonly string[]): TableRelation => ({
  kind: 'table',
  name,
  key: ['id'],
  columns: Object.fromEntries(columns.map((one) => [one, { name: one, path: [one] }])),
});
const within = (milliseconds: number): Call => ({
  signal: new AbortController().signal,
  deadline: performance.now() + milliseconds,
});
const slow = table('slow', 'id', 'n');
const slowScan: Scan = { relation: slow, output: [column('id'), column('n')], where: TRUE, order: [] };
const ofId = (value: number): Selection => ({ op: 'compare', of: { column: 'id', as: 'raw' }, test: 'eq', value });
const code = async (run: Promise<unknown>) =>
  run.then(
    () => 'answered',
    (error: { code?: string }) => error.code,
  );

export function serverCases(subject: ServerSubject): void {
  describe(`${subject.name} on its server`, () => {
    let database: OwnDatabase;
    let adapter: Adapter;
    const open = (location = database.url, timeoutMs = 20_000) => subject.open({ name: 'his', location, timeoutMs });
    const pause = () => new Promise((resolve) => setTimeout(resolve, 25));
    const noneRuns = async () => {
      for (let tries = 0; tries < 400; tries++) {
        if ((await database.running()).length === 0) return;
        await pause();
      }
      throw new Error('a statement still runs');
    };

    beforeAll(async () => {
      database = await subject.database();
      for (const statement of subject.schema) await database.run(statement);
      adapter = open();
    });
    afterAll(async () => {
      await adapter.close();
      await database.close();
    });

    test('native types are read as they are written', async () => {
      const names = Object.keys(subject.typed);
      const relation = table('typed', 'id', ...names);
      const { rows } = await adapter.get(relation, names.map(column), [1], patient());
      expect(Object.fromEntries(names.map((name, i) => [name, rows[0]![i]]))).toEqual(subject.typed);
    });

    test('native types are compared as what they are, by their index', async () => {
      for (const [name, as, value] of subject.searches) {
        const of = { column: name, as };
        const scan: Scan = { relation: table('typed', 'id', name), output: [column('id')], where: TRUE, order: [] };
        for (const [where, ids] of [
          [{ op: 'compare', of, test: 'eq', value }, [1]],
          [{ op: 'compare', of, test: 'gt', value }, [3]],
        ] satisfies (readonly [Selection, readonly number[]])[]) {
          await adapter.describe(patient());
          const narrowed = adapter.narrow(scan, [where]).scan;
          const { rows } = await collect(adapter.scan(narrowed, patient()));
          expect([name, as, where.test, rows.map(([id]) => id)]).toEqual([name, as, where.test, ids]);
          const [plan] = await adapter.explain(narrowed);
          expect([name, as, where.test, plan!.index]).toEqual([name, as, where.test, expect.any(String)]);
        }
      }
    });

    test.each(subject.unreal)('what no expression has is in no answer: %s', async (name, as) => {
      const of = { column: name, as };
      const scan = { relation: table('unreal', 'id', name), output: [column('id')] };
      const ids = async (where: Selection, order: Scan['order'] = []) => {
        const { rows } = await collect(adapter.scan({ ...scan, where, order }, patient()));
        return rows.map(([id]) => id);
      };
      const value = as === 'decimal' ? '0' : '1900-01-01';
      expect(await ids({ op: 'present', of })).toEqual([1]);
      expect((await ids(not({ op: 'present', of }))).sort()).toEqual([2, 3]);
      expect(await ids({ op: 'compare', of, test: 'gt', value })).toEqual([1]);
      expect(await ids({ op: 'compare', of, test: 'lt', value })).toEqual([]);
      for (const direction of ['asc', 'desc'] as const) expect((await ids(TRUE, [{ of, direction }]))[0]).toBe(1);
    });

    const indexed = subject.withoutIndexes === undefined;
    const unless = indexed ? '' : ` (not here: ${subject.withoutIndexes})`;
    test(`ordinary searches of text are answered by an index${unless}`, async () => {
      const relation = table('words', 'id', 'name', 'born');
      const leaf = (column: string, as: ExpressionType) => ({ column, as });
      const searches: readonly (readonly [Leaf, number])[] = [
        [{ op: 'compare', of: leaf('name', 'text'), test: 'eq', value: '77Name' }, 1],
        [{ op: 'in', of: leaf('name', 'text'), values: ['7Name', '8Name', "O'Name"] }, 2],
        [{ op: 'prefix', of: leaf('name', 'text'), value: '1999' }, 11],
        [{ op: 'prefix', of: leaf('name', 'fold'), value: '1999' }, 11],
        [{ op: 'prefix', of: leaf('name', 'fold'), value: 'zoe' }, 5],
        [{ op: 'compare', of: leaf('name', 'fold'), test: 'eq', value: 'zoe' }, 4],
        [{ op: 'compare', of: leaf('born', 'date'), test: 'eq', value: '1950-01-07' }, 1],
        [{ op: 'compare', of: leaf('born', 'date'), test: 'gt', value: '2004-10-01' }, 5],
        [{ op: 'compare', of: leaf('name', 'raw'), test: 'eq', value: '5Name' }, 1],
      ];
      const output = ['id', 'name', 'born'].map(column);
      await adapter.describe(patient());
      for (const [where, wanted] of searches) {
        const { scan, exact } = adapter.narrow({ relation, output, order: [] }, [where]);
        const { rows } = await collect(adapter.scan(scan, patient()));
        const holds = predicate<readonly unknown[]>(where, {
          cell: (name) => (row) => row[['id', 'name', 'born'].indexOf(name)] as string,
        });
        expect([where, rows.filter(holds).length, exact[0] ? rows.length : wanted]).toEqual([where, wanted, wanted]);
        const [plan] = await adapter.explain(scan);
        expect([where, plan!.access]).toEqual([where, indexed || where.of.as === 'raw' ? 'index' : 'scan']);
      }
      const [plan] = await adapter.explain({ relation, output, where: ofId(7), order: [], limit: 1 });
      expect(plan!.access).toBe(indexed ? 'key' : 'index');
      const [ordered] = await adapter.explain({
        relation,
        output,
        where: TRUE,
        order: [{ of: { column: 'id', as: 'raw' }, direction: 'desc' }],
        after: { values: [500], inclusive: false },
        limit: 20,
      });
      expect(ordered!.access).toBe('index');
    });

    test('an abort stops the statement on the server', async () => {
      for (const run of [
        (call: Call) => collect(adapter.scan(slowScan, call)),
        (call: Call) => collect(adapter.scan({ ...slowScan, limit: 1000 }, call)),
        (call: Call) => adapter.count(slow, { op: 'present', of: { column: 'n', as: 'text' } }, call),
      ]) {
        const given = new AbortController();
        const answer = code(run({ signal: given.signal, deadline: performance.now() + 20_000 }));
        let running: readonly string[] = [];
        for (let tries = 0; tries < 100 && running.length === 0; tries++) {
          await pause();
          running = await database.running();
        }
        expect(running).toHaveLength(1);
        given.abort();
        expect(await answer).toBe('cancelled');
        await noneRuns();
      }
    });

    test('a deadline stops the statement on the server', async () => {
      expect(await code(collect(adapter.scan(slowScan, within(400))))).toBe('source-timeout');
      await noneRuns();
    });

    test('the server gives up by itself', async () => {
      const connection = await subject.connect(database.url);
      const failure = await connection
        .run({ text: 'SELECT n FROM slow', values: [] }, 128)
        .catch((error: unknown) => ({ error }));
      expect(subject.meaning((failure as { error: unknown }).error)).toBe('source-timeout');
      await noneRuns();
      connection.destroy();
    });

    test('a scan that is left early leaves nothing running', async () => {
      for await (const _ of adapter.scan({ ...slowScan, relation: table('many', 'id', 'n') }, patient())) break;
      await noneRuns();
    });

    test('many rows are streamed in little memory', async () => {
      const relation = table('many', 'id', 'n');
      const scan: Scan = { relation, output: [column('id'), column('n')], where: TRUE, order: [] };
      const held: number[] = [];
      let rows = 0;
      for await (const batch of adapter.scan(scan, within(60_000))) {
        rows += batch.rows.length;
        if (rows % 40_000 < batch.rows.length) held.push(liveMemory());
      }
      expect(rows).toBe(200_000);
      expect(Math.max(...held) - held[0]!).toBeLessThan(5 * 2 ** 20);
    });

    test('a session cannot write', async () => {
      const connection = await subject.connect(database.url);
      for (const text of ['DELETE FROM typed', 'CREATE TABLE written (id int)'])
        await expect(connection.run({ text, values: [] }, 1024)).rejects.toBeDefined();
      connection.destroy();
      expect(await adapter.count(table('typed', 'id'), TRUE, patient())).toBe(3);
    });

    test('no more than its sessions are opened, whoever asks', async () => {
      const asked = Array.from({ length: 40 }, () => code(adapter.count(slow, TRUE, within(1_500))));
      await new Promise((resolve) => setTimeout(resolve, 500));
      expect(await database.sessions()).toBeLessThanOrEqual(14);
      await Promise.all(asked);
      await noneRuns();
      expect(await code(adapter.count(slow, FALSE, patient()))).toBe('answered');
    });

    test('sessions that the server ended are opened anew', async () => {
      await adapter.count(table('typed', 'id'), TRUE, patient());
      await database.endSessions();
      expect(await adapter.count(table('typed', 'id'), TRUE, patient())).toBe(3);
    });

    test('a server that is away, a wrong password and a missing database are told of at each call, and not what they are', async () => {
      for (const change of [
        (url: URL) => {
          url.port = '1';
        },
        (url: URL) => {
          url.password = 'S3cret';
        },
        (url: URL) => {
          url.pathname = '/no_such_database';
        },
      ]) {
        const url = new URL(database.url);
        change(url);
        const away = open(url.href, 3_000);
        for (let tries = 0; tries < 2; tries++) {
          const failure = await away.describe(patient()).catch((error: unknown) => error);
          expect(failure).toMatchObject({ name: 'Fault', code: 'source-unavailable', place: { source: 'his' } });
          expect((failure as Error).message).not.toMatch(/S3cret|no_such|127\.0\.0\.1|ECONN/);
        }
        await away.close();
      }
    });

    test('a table that changes is looked at again', async () => {
      await database.run('CREATE TABLE changing (id int PRIMARY KEY, a varchar(9))');
      await database.run("INSERT INTO changing VALUES (1, 'x')");
      const own = open();
      const get = async (name: string) =>
        (await own.get(table('changing', 'id', name), [column(name)], [1], patient())).rows;
      expect(await get('a')).toEqual([['x']]);
      await database.run('ALTER TABLE changing ADD COLUMN b varchar(9)');
      await database.run("UPDATE changing SET b = 'y'");
      expect(await get('b')).toEqual([['y']]);
      await database.run('ALTER TABLE changing DROP COLUMN a');
      await expect(get('a')).rejects.toMatchObject({
        code: 'source-schema',
        message: expect.stringContaining('Column a'),
      });
      await database.run('DROP TABLE changing');
      await expect(get('b')).rejects.toMatchObject({
        code: 'source-schema',
        message: expect.stringContaining('changing'),
      });
      await own.close();
    });
  });
}
