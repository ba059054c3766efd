import type { Row } from '#src/source/row.js';
import type { Random } from '../../oracle/random.js';
import type { DataSet } from '../data-set.js';
import type { Hospital, HospitalTable, Name } from '../hospitals.js';

/** Where a part lies: in files as its hospital keeps them (SQLite, JSON, CSV), or on a server. */
export type Place = 'files' | ServerPlace;
export type ServerPlace = 'mysql' | 'postgres' | 'mongodb' | 'influxdb' | 'neo4j';

/** Some rows of a hospital, as a source of their own. */
export interface Part {
  /** The source: the first part of a hospital has its name. */
  readonly name: string;
  readonly place: Place;
  readonly hospital: Hospital;
  readonly rows: Readonly<Record<string, readonly Row[]>>;
}

/** Rows that say the same of these mostly stay together, so that references within a source lead somewhere, and sometimes do not. */
const together = ['patient_id', 'person', 'number', 'sample'];

/** A data set cut at random into sources, each in a place drawn at random. Points of a ward lie in InfluxDB, which holds nothing else of it. */
export function split(hospitals: readonly Hospital[], data: DataSet, random: Random): readonly Part[] {
  const places = drawPlaces(random);
  return hospitals.flatMap((hospital) => {
    const parts = random.pick([1, 1, 1, 2, 2]);
    const cut = cutRows(hospital, data.rows[hospital.name], parts, random);
    return cut.map((rows, i): Part => {
      const name = i === 0 ? hospital.name : `${hospital.name}-${i + 1}`;
      return { name, hospital, rows, place: hospital.name === 'ward' && i === 0 ? 'influxdb' : places() };
    });
  });
}

/** One part in Neo4j, which plans each statement anew; the others as often here as there. */
function drawPlaces(random: Random): () => Place {
  const first: Place[] = ['mysql', 'postgres', 'mongodb', 'neo4j', 'files'];
  const later: readonly Place[] = ['mysql', 'postgres', 'mongodb', 'files', 'mysql', 'postgres'];
  return () => (first.length > 0 ? first.splice(random.between(0, first.length - 1), 1)[0]! : random.pick(later));
}

function cutRows(
  { name, tables }: Hospital,
  rows: DataSet['rows'][Name],
  parts: number,
  random: Random,
): readonly Part['rows'][] {
  const known = new Map<string, number>();
  const anywhere = () => random.between(0, parts - 1);
  const partOf = (table: HospitalTable, row: Row) => {
    const at = table.columns.findIndex((column) => together.includes(column.name));
    const said = at < 0 || row[at] === null || random.chance(0.1) ? undefined : String(row[at]);
    if (said === undefined) return anywhere();
    const part = known.get(said) ?? anywhere();
    known.set(said, part);
    return part;
  };
  const cut: Record<string, Row[]>[] = Array.from({ length: parts }, () => ({}));
  for (const table of tables) {
    for (const part of cut) part[table.relation.name] = [];
    for (const row of rows[table.relation.name] ?? [])
      cut[parts === 1 ? 0 : partOf(table, row)]![table.relation.name]!.push(row);
  }
  if (cut.length !== parts) throw new Error(`${name} in ${parts} parts`);
  return cut;
}
