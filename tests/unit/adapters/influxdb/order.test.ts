import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { timeText } from '#src/adapters/influxdb/time.js';
import { openMemory } from '#src/adapters/memory/adapter.js';
import type { Adapter, OrderTerm, Position, Scan } from '#src/source/adapter.js';
import { orderValues } from '#src/source/order.js';
import type { Row } from '#src/source/row.js';
import { and, not, or, type Selection, type Test, TRUE } from '#src/source/selection.js';
import { patient as call, collect, column } from '../../../contracts/ask.js';
import type { LinePoint } from '../../../support/line-protocol.js';
import { serverUrl } from '../../../support/server-url.js';
import { point, start, type Vitals, vitals, withPoints } from './vitals.js';

const server = serverUrl('HEALTHSYNC_TEST_INFLUXDB_URL').replace(/\/$/, '');
const names = ['time', 'patient', 'device', 'rate'];
const output = names.map(column);
const tickNs = 250_000_000n;

/** Many points of one second, some of one time, some apart by nanoseconds: 30 seconds, and one that all patients have. */
const points: LinePoint[] = Array.from({ length: 600 }, (_, i) => {
  const at = start + BigInt(i % 120) * tickNs + BigInt(i % 7 === 0 ? i : 0);
  return point(at, ['p a', 'P10', 'p2', 'é', ' p2'][i % 5]!, i, i % 3 === 0 ? null : `d${i % 4}`);
});
for (let i = 0; i < 500; i++) points.push(point(start + 9_000_000_000n, `crowd${i}`, i));

for (const device of ['d1', 'd0', null]) points.push(point(start + 5_000_000_001n, 'P10', 700, device));

let v: Vitals;
let reference: Adapter;
beforeAll(async () => {
  v = await withPoints(server, points);
  const whole: Scan = { relation: vitals([]), output, where: TRUE, order: [] };
  const { rows } = await collect(v.adapter.scan(whole, call()));
  reference = openMemory({ vitals: { columns: names, rows } });
});
afterAll(() => v.close());

const term = (name: string, direction: 'asc' | 'desc' = 'asc', as: 'raw' | 'dateTime' = 'raw'): OrderTerm => ({
  of: { column: name, as },
  direction,
});
const orders: readonly (readonly OrderTerm[])[] = [
  [term('time'), term('patient'), term('device')],
  [term('time', 'desc', 'dateTime'), term('time'), term('patient', 'desc'), term('device')],
  [term('time', 'desc'), term('device', 'desc'), term('patient')],
];
const at = (seconds: number, ns = 0n) => timeText(start + BigInt(seconds) * 1_000_000_000n + ns);
const time = (how: Test, value: string): Selection => ({
  op: 'compare',
  of: { column: 'time', as: 'dateTime' },
  test: how,
  value,
});
const is = (name: string, value: string, as: 'raw' | 'text' = 'raw'): Selection => ({
  op: 'compare',
  of: { column: name, as },
  test: 'eq',
  value,
});
const selections: readonly Selection[] = [
  TRUE,
  is('patient', 'P10'),
  is('patient', 'p2', 'text'),
  is('patient', "x' OR '1'='1"),
  and(is('patient', 'é'), time('ge', at(3)), time('lt', at(8))),
  and(time('ge', at(9)), time('le', at(9))),
  time('gt', at(4, 250_000_000n)),
  time('eq', at(5, 500_000_000n)),
  time('lt', '2023-11-14T22:13:25'),
  time('ge', '2023-11-14'),
  time('ge', '2024'),
  { op: 'prefix', of: { column: 'time', as: 'raw' }, value: at(2).slice(0, 19) },
  { op: 'in', of: { column: 'patient', as: 'raw' }, values: ['p a', 'P10', 'nobody', ''] },
  or(and(is('patient', 'P10'), is('time', at(1, 250_000_000n))), and(is('patient', 'p a'), is('time', at(0)))),
  and(not(is('device', 'd1')), { op: 'compare', of: { column: 'rate', as: 'integer' }, test: 'gt', value: 300 }),
  not({ op: 'present', of: { column: 'device', as: 'text' } }),
];

describe('in the order of time', () => {
  test('the same rows as the reference, from any place, up to any limit', async () => {
    for (const order of orders) {
      for (const where of selections) {
        const scan: Scan = { relation: vitals(), output, where, order };
        const all = (await collect(reference.scan(scan, call()))).rows;
        const narrowed = v.adapter.narrow(scan, [where]);
        expect(narrowed).toMatchObject({ exact: [true], orderGuaranteed: true, limitGuaranteed: true });
        expect({ where, rows: (await collect(v.adapter.scan(narrowed.scan, call()))).rows }).toEqual({
          where,
          rows: all,
        });
        expect(await v.adapter.count(vitals(), where, call())).toBe(all.length);
        const values = orderValues(order);
        const read = (row: Row) => values((name) => row[names.indexOf(name)]!) as Position['values'];
        for (let i = 0; i < all.length; i += Math.ceil(all.length / 5)) {
          for (const inclusive of [true, false]) {
            for (const length of [1, order.length]) {
              const after = { values: read(all[i]!).slice(0, length), inclusive };
              const page = { ...scan, after, limit: 1 + (i % 20) };
              const wanted = (await collect(reference.scan(page, call()))).rows;
              const { rows } = await collect(v.adapter.scan(v.adapter.narrow(page, [where]).scan, call()));
              expect({ where, after, rows }).toEqual({ where, after, rows: wanted });
            }
          }
        }
      }
    }
  }, 120_000);

  test('pages lose and repeat nothing, also within one crowded time', async () => {
    const [order] = orders as [readonly OrderTerm[]];
    const scan: Scan = { relation: vitals(), output, where: TRUE, order };
    const seen: Row[] = [];
    let after: Position | undefined;
    for (;;) {
      const { rows } = await collect(v.adapter.scan({ ...scan, limit: 90, ...(after && { after }) }, call()));
      seen.push(...rows);
      if (rows.length < 90) break;
      after = { values: rows.at(-1)!.slice(0, 3) as Position['values'], inclusive: false };
    }
    expect(seen).toEqual((await collect(reference.scan(scan, call()))).rows);
  }, 60_000);

  test('an order that does not begin with the time is not promised', () => {
    const order = [term('patient'), term('time')];
    const narrowed = v.adapter.narrow({ relation: vitals(), output, order, limit: 3 }, [TRUE]);
    expect(narrowed).toMatchObject({ orderGuaranteed: false, limitGuaranteed: false, scan: { order: [] } });
    expect(narrowed.scan.limit).toBeUndefined();
  });

  test('a key without a tag has later points left out, before anything is selected', async () => {
    for (const key of [['time', 'patient'], ['patient']]) {
      for (const where of selections) {
        const scan: Scan = { relation: vitals(key), output, where, order: [term('time'), term('patient')] };
        const wanted = await collect(reference.scan(scan, call()));
        expect({ key, where, found: await collect(v.adapter.scan(scan, call())) }).toEqual({
          key,
          where,
          found: wanted,
        });
      }
      expect(await v.adapter.duplicateKeys(vitals(key), 3, call())).toHaveLength(key.length === 2 ? 1 : 3);
    }
    expect(await v.adapter.duplicateKeys(vitals(), 3, call())).toEqual([]);
  }, 60_000);

  test('what is bound is asked of InfluxDB', async () => {
    const where = and(is('patient', 'P10'), time('ge', at(1)), time('lt', '2023-12'));
    const [query] = await v.adapter.explain({ relation: vitals(), output, where, order: orders[0]!, limit: 20 });
    expect(query).toEqual({
      plan: expect.arrayContaining(['NUMBER OF SHARDS: 1']),
      text: 'SELECT * FROM "vitals" WHERE time >= $p0 AND time < $p1 AND ("patient" = $p2) ORDER BY time ASC LIMIT 20',
      values: [at(1), '2023-12-01T00:00:00Z', 'P10'],
      access: 'index',
      index: 'patient, time',
    });
    const [scan] = await v.adapter.explain({ relation: vitals(), output, where: not(where), order: [] });
    expect(scan).toMatchObject({ access: 'scan', values: [] });
  });
});

test('the tags are the values of a distinct relation', async () => {
  const relation = {
    kind: 'distinct',
    name: 'patients',
    key: ['id'],
    columns: { id: { name: 'id', path: ['id'] } },
    of: [{ table: vitals(), column: 'patient' }],
  } as const;
  const scan: Scan = {
    relation,
    output: [column('id')],
    where: { op: 'prefix', of: { column: 'id', as: 'fold' }, value: 'p' },
    order: [term('id')],
  };
  expect((await collect(v.adapter.scan(scan, call()))).rows).toEqual([['P10'], ['p a'], ['p2']]);
  expect((await v.adapter.get(relation, [column('id')], ['é'], call())).rows).toEqual([['é']]);
});
