import type { Cell, Row } from '#src/source/row.js';
import { type Random, seeded } from '../../oracle/random.js';
import { numbers } from '../laboratory/rows.js';

const random = seeded(17);

export const declarations: Readonly<Record<string, string>> = {
  readings: 'CREATE TABLE readings (time TEXT, bed TEXT, person INTEGER, pulse NUMERIC, pressure TEXT, note TEXT)',
  temperatures: 'CREATE TABLE temperatures (time TEXT, person INTEGER, celsius NUMERIC)',
};

const beds = ['1', '2', 'B 3', 'Bett-4', 'é'];
const start = Date.UTC(2023, 4, 17, 21, 30);

/** A few hours around midnight, some moments of which have more than one reading. */
function time(r: Random): string {
  const text = new Date(start + r.between(0, 90) * 180_000 + r.pick([0, 0, 0, 250])).toISOString();
  return text.replace('.000Z', 'Z');
}

const pressure = (r: Random): Cell =>
  r.pick([
    `${r.between(90, 180)}/${r.between(50, 110)}`,
    `${r.between(90, 180)}/${r.between(50, 110)}`,
    '120',
    'high',
    null,
  ]);
const note = (r: Random): Cell => r.pick(['asleep', 'Asleep', 'moved, restless', null, null]);
const many = (count: number, row: (r: Random) => Row) => Array.from({ length: count }, () => row(random));

/** Points as monitors and thermometers write them. */
export const rows: Readonly<Record<string, readonly Row[]>> = {
  readings: many(120, (r) => [
    time(r),
    r.pick(beds),
    r.pick([...numbers, null]),
    r.pick([null, r.between(40, 140), r.between(400, 1400) / 10]),
    pressure(r),
    note(r),
  ]),
  temperatures: many(80, (r) => [time(r), r.pick([...numbers, null]), r.pick([null, r.between(350, 410) / 10, 37])]),
};
