import type { Cell, Row } from '#src/source/row.js';
import { type Random, seeded } from '../../oracle/random.js';

const random = seeded(5);

/** As the laboratory declares its tables; `taken` holds what several devices write. */
export const declarations: Readonly<Record<string, string>> = {
  people: 'CREATE TABLE people (number INTEGER, name TEXT, born TEXT, active, changed TEXT)',
  samples:
    'CREATE TABLE samples (sample TEXT, line INTEGER, person INTEGER, status TEXT, test, taken TEXT, taken_from TEXT, taken_to TEXT, value, unit TEXT, risk NUMERIC)',
  parts: 'CREATE TABLE parts (sample TEXT, line INTEGER, part TEXT, value, verdict TEXT)',
};

/** Of people. */
export const numbers: readonly Cell[] = [
  1,
  2,
  3,
  17,
  -4,
  0,
  2147483648,
  9007199254740993n,
  9223372036854775807n,
  -9223372036854775808n,
];
const samples = ['S1', 's1', 'S-2', 'S.3', 'Ä 4'];
const names = ['Ada', 'ada', 'Ádá', 'Zoë Ødegård', "O'Neil", '100%', 'a_b', 'Straße', 'İnci'];
const parts = ['Sodium', 'sodium', 'Kalium', 'Härte'];

const two = (n: number) => String(n).padStart(2, '0');
const day = ({ between }: Random) => `${between(2018, 2023)}-${two(between(1, 12))}-${two(between(1, 28))}`;

function time(r: Random): Cell {
  const wall = `${two(r.between(0, 23))}:${two(r.between(0, 59))}`;
  return r.pick([
    null,
    day(r),
    day(r).slice(0, 7),
    day(r).slice(0, 4),
    `${day(r)} ${wall}`,
    `${day(r)}T${wall}:30`,
    `${day(r)}T${wall}:30.250`,
    `${day(r)}T${wall}:00Z`,
    `${day(r)}T${wall}:00-05:00`,
  ]);
}

const amount = (r: Random): Cell =>
  r.pick([
    null,
    r.between(0, 9),
    r.between(0, 90) / 10,
    `${r.between(0, 9)}.${two(r.between(0, 99))}`,
    '1.50',
    1.5,
    '0.10',
    '1e1',
  ]);

const many = (count: number, row: (r: Random) => Row) => Array.from({ length: count }, () => row(random));

/** Rows as the laboratory's devices and clerks write them. */
export const rows: Readonly<Record<string, readonly Row[]>> = {
  people: many(60, (r) => [
    r.pick(numbers),
    r.pick([...names, null]),
    r.pick([day(r), day(r).slice(0, 7), day(r).slice(0, 4), null]),
    r.pick([1, 0, true, 'yes', 'No', null]),
    time(r),
  ]),
  samples: many(120, (r) => [
    r.pick(samples),
    r.between(1, 6),
    r.pick([...numbers, null]),
    r.pick(['F', 'Final', 'P', 'C', 'x', null]),
    r.pick(['GLU', 'glu', 'Na', 7, null]),
    time(r),
    time(r),
    time(r),
    amount(r),
    r.pick(['mg', 'g', 'MG', null]),
    r.pick([null, 0, 0.25, '0.250', 1, '0.333']),
  ]),
  parts: many(120, (r) => [
    r.pick(samples),
    r.between(1, 6),
    r.pick(parts),
    amount(r),
    r.pick(['high', 'low', 'H L', null]),
  ]),
};
