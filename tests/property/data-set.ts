import type { Cell, Row } from '#src/source/row.js';
import { type DirtyCell, dirtyCells } from '../oracle/dirty.js';
import { type Random, seeded } from '../oracle/random.js';
import { type Hospital, type HospitalTable, isInvented, type Name } from './hospitals.js';

/** Rows for every table of the hospitals, cells in the order of the table's columns. */
export interface DataSet {
  readonly seed: number;
  readonly rows: Readonly<Record<Name, Readonly<Record<string, readonly Row[]>>>>;
  /** The kinds of dirty cell that are in it. */
  readonly dirt: ReadonlySet<string>;
  /** No key is too long for an id. A source counts rows, and cannot know of those that make no resource for that. */
  readonly countable: boolean;
}

const keyed = ['patient_id', 'staff_id', 'transaction_id', 'record_id'];

/** Draws a data set: the same for the same seed. */
export function drawDataSet(hospitals: readonly Hospital[], seed: number): DataSet {
  const random = seeded(seed);
  const dirt = new Set<string>();
  const rows = Object.fromEntries(
    hospitals.map((hospital) => [hospital.name, new HospitalDrawing(random, hospital, dirt).rows()]),
  ) as unknown as DataSet['rows'];
  return { seed, rows, dirt, countable: !dirt.has('very long') && !dirt.has('key:too long') };
}

class HospitalDrawing {
  /** Keys drawn so far, by the column that holds them. */
  private readonly keys = new Map<string, Cell[]>();
  private readonly dirtiness: number;
  private readonly oddKeys: readonly Cell[];

  constructor(
    private readonly random: Random,
    private readonly hospital: Hospital,
    private readonly dirt: Set<string>,
  ) {
    this.dirtiness = random.pick([0, 0.02, 0.05, 0.12]);
    this.oddKeys = random.chance(0.2) ? [...oddKeys, ...longKeys] : oddKeys;
  }

  rows(): Readonly<Record<string, readonly Row[]>> {
    return Object.fromEntries(this.hospital.tables.map((table) => [table.relation.name, this.table(table)]));
  }

  private table(table: HospitalTable): readonly Row[] {
    const { random } = this;
    const size = random.pick([
      0,
      1,
      random.between(2, 12),
      random.between(8, 30),
      random.between(8, 30),
      random.between(20, 45),
    ]);
    // A key of several columns is drawn as it is written: rows of one key come by themselves.
    const [key] = table.relation.key.length === 1 && !isInvented(this.hospital.name) ? table.relation.key : [undefined];
    const keys = new Set(isInvented(this.hospital.name) ? table.relation.key : []);
    const rows: Row[] = [];
    for (let n = 0; n < size; n++) {
      const row = random.pick(table.rows);
      rows.push(
        table.columns.map((column, i) =>
          column.name === key ? this.key(key, row[i]!) : keys.has(column.name) ? row[i]! : this.cell(table, i, row[i]!),
        ),
      );
    }
    return rows;
  }

  private key(column: string, natural: Cell): Cell {
    const { random } = this;
    const drawn = this.keys.get(column) ?? [];
    this.keys.set(column, drawn);
    const known = new Set(drawn);
    let key: Cell = natural;
    if (random.chance(0.25)) key = random.pick(this.oddKeys);
    if (known.has(key) && !random.chance(0.2)) key = `${String(key)}-${drawn.length}`;
    if (known.has(key)) this.dirt.add('key:repeated');
    if (key !== natural) this.dirt.add(longKeys.includes(key) ? 'key:too long' : 'key:odd');
    drawn.push(key);
    return key;
  }

  private cell(table: HospitalTable, i: number, natural: Cell): Cell {
    const { random } = this;
    const { name, kind } = table.columns[i]!;
    const keys = this.keys.get(name);
    if (keyed.includes(name) && keys && keys.length > 0 && random.chance(0.6)) return random.pick(keys);
    if (random.chance(this.dirtiness)) return this.dirty(random.pick(dirtyCells(kind)));
    // A value of another row, so that values repeat; another case, so that they tie.
    if (random.chance(0.2)) return random.pick(table.rows)[i]!;
    if (kind === 'text' && typeof natural === 'string' && random.chance(0.05))
      return random.chance(0.5) ? natural.toUpperCase() : natural.toLowerCase();
    return natural;
  }

  private dirty({ kind, value }: DirtyCell): Cell {
    this.dirt.add(kind);
    return value;
  }
}

/** Keys that a URL, an id, a LIKE or a number would spoil. */
const oddKeys: readonly Cell[] = [
  '9007199254740993',
  '9223372036854775807',
  '007',
  '7',
  '1.0',
  '1',
  '-1',
  'A/B',
  'a.b',
  'a b',
  '-x',
  '-xabc',
  '-q',
  'é',
  'e\u0301',
  'É',
  'ß',
  '王',
  'p1',
  'P1',
  ' p1',
  'p1 ',
  "x';--",
  '100%',
  'a_b',
  'a*b',
  'a\\b',
  'a|b',
  'a,b',
  'a$b',
  '"',
  '\u{1f469}',
  '\ue000',
  'true',
  'null',
  'N/A',
  '',
  '  ',
  null,
];

/** Some of these make no id with any facet, some with long ones only. */
const longKeys: readonly Cell[] = ['long-'.repeat(20), "x'; DROP TABLE patients; --", 'a'.repeat(45)];
