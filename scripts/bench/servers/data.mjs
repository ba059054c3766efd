import { loadInfluxdb } from '#demo/load/influxdb.js';
import { loadMongodb } from '#demo/load/mongodb.js';
import { loadMysql } from '#demo/load/mysql.js';
import { loadNeo4j } from '#demo/load/neo4j.js';
import { loadPostgres } from '#demo/load/postgres.js';

const initials = ['B', 'D', 'G', 'K', 'L', 'M', 'N', 'P', 'R', 'S', 'T', 'V'];
const middles = ['a', 'e', 'i', 'o', 'u', 'an', 'el', 'in', 'or', 'un'];
const cities = ['Chennai', 'Pune', 'Delhi', 'Kochi'];
export const columns = ['id', 'family', 'given', 'sex', 'birth_date', 'city', 'phone'];

const two = (number) => String(number).padStart(2, '0');

/** About fifteen patients have one family name, whatever their number; no name begins as another does. */
const familyOf = (i, patients) => {
  const at = i % Math.max(1, Math.floor(patients / 15));
  const [a, b, c, d] = [at, at / 12, at / 120, at / 1440].map(Math.floor);
  return `${initials[a % 12]}${middles[b % 10]}${middles[c % 10].toUpperCase()}r${d}x`;
};

export function patientOf(i, patients) {
  return [
    `p${1_000_000 + i}`,
    familyOf(i, patients),
    `${initials[(i * 7) % 12]}${middles[(i * 3) % 10]}la`,
    i % 2 ? 'M' : 'F',
    `${1930 + ((i * 11) % 90)}-${two(1 + ((i * 5) % 12))}-${two(1 + ((i * 13) % 28))}`,
    cities[i % 4],
    `+91 ${90_000_000 + i}`,
  ];
}

function* every(patients) {
  for (let i = 0; i < patients; i++) yield patientOf(i, patients);
}

function* measured(patients, each) {
  for (let i = 0; i < patients; i++) {
    for (let k = 0; k < each; k++)
      yield [
        i * each + k,
        `p${1_000_000 + i}`,
        k % 4 ? '8302-2' : '29463-7',
        100 + ((i + k) % 90),
        `2024-${two(1 + (k % 12))}-01`,
      ];
  }
}

const indexed = (table, column) => `CREATE INDEX ${table}_${column} ON ${table} (${column})`;

const patientTable = (patients, text) => ({
  name: 'patients',
  create: [
    `CREATE TABLE patients (id ${text} PRIMARY KEY, family ${text}, given ${text}, sex ${text}, birth_date DATE, city ${text}, phone ${text})`,
  ],
  columns,
  rows: every(patients),
  finish: [indexed('patients', 'family'), indexed('patients', 'birth_date')],
});

const observationTable = (patients, each, text) => ({
  name: 'observations',
  create: [
    `CREATE TABLE observations (id INTEGER PRIMARY KEY, patient_id ${text}, code ${text}, value INTEGER, taken DATE)`,
  ],
  columns: ['id', 'patient_id', 'code', 'value', 'taken'],
  rows: measured(patients, each),
  finish: [indexed('observations', 'patient_id')],
});

const documents = (patients) => ({
  collections: [
    {
      name: 'patients',
      documents: (function* () {
        for (const [id, ...cells] of every(patients))
          yield { _id: id, id, ...Object.fromEntries(cells.map((cell, i) => [columns[i + 1], cell])) };
      })(),
      indexes: [{ key: { id: 1 }, unique: true }, { key: { family: 1 } }, { key: { birth_date: 1 } }],
    },
  ],
});

const graph = (patients) => ({
  labels: ['patients'],
  prepare: ['CREATE CONSTRAINT patients_id IF NOT EXISTS FOR (n:patients) REQUIRE n.id IS UNIQUE'],
  steps: [
    {
      statement: 'UNWIND $rows AS row CREATE (n:patients) SET n = row',
      rows: (function* () {
        for (const cells of every(patients)) yield Object.fromEntries(cells.map((cell, i) => [columns[i], cell]));
      })(),
    },
  ],
  finish: [
    'CREATE INDEX patients_birth IF NOT EXISTS FOR (n:patients) ON (n.birth_date)',
    'CREATE INDEX patients_family IF NOT EXISTS FOR (n:patients) ON (n.family)',
    'CALL db.awaitIndexes(300)',
  ],
});

/** The first minute of the points; each patient has one a minute. */
export const began = Date.UTC(2024, 0, 1);
export const pointsEach = 1000;

const points = (number) => ({
  measurements: ['vitals'],
  points: (function* () {
    const patients = Math.ceil(number / pointsEach);
    for (let minute = 0; minute < pointsEach; minute++) {
      for (let i = 0; i < patients; i++)
        yield {
          measurement: 'vitals',
          tags: { patient: `p${1_000_000 + i}` },
          fields: { pulse: BigInt(50 + ((i + minute) % 80)) },
          time: BigInt(began + minute * 60_000) * 1_000_000n,
        };
    }
  })(),
});

/** The database of the bench beside whatever else the server holds. */
export const inBench = (url) => {
  const at = new URL(url);
  at.pathname = '/healthsync_bench';
  return at.href;
};

/** Fills the server of a kind with so many patients (InfluxDB: points); `observations`: of each patient, where there are any. */
export const fill = {
  mysql: (url, patients, { observations = 0 } = {}) =>
    loadMysql(inBench(url), {
      tables: [
        patientTable(patients, 'VARCHAR(64)'),
        ...(observations ? [observationTable(patients, observations, 'VARCHAR(64)')] : []),
      ],
    }),
  postgres: (url, patients, { observations = 0 } = {}) =>
    loadPostgres(inBench(url), {
      tables: [
        patientTable(patients, 'TEXT'),
        ...(observations ? [observationTable(patients, observations, 'TEXT')] : []),
      ],
    }),
  mongodb: (url, patients) => loadMongodb(inBench(url), documents(patients)),
  neo4j: (url, patients) => loadNeo4j(url, graph(patients)),
  influxdb: (url, number) => loadInfluxdb(inBench(url), points(number)),
};
