/**
 * What the machine can do with a server: bare Express, the same driver with as many connections, one prepared statement for each
 * kind of request, and the row written as FHIR by hand. `{kind, url, base, hashes, outputs}` on the command line; prints its port.
 */
import { createHash, hash } from 'node:crypto';
import express from 'express';

const { kind, url, base, hashes, outputs } = JSON.parse(process.argv[2]);
const CONNECTIONS = 8;
const PAGE = 20;
const system = 'https://healthsync.dev/fhir/sid/bench/patient';
const lists = Object.fromEntries(Object.entries(outputs).map(([name, columns]) => [name, columns.join(', ')]));
/** A cursor as long as a sealed one; its text is random, so it is the one thing that cannot be equal. */
let cursor = '';

const digest =
  typeof hash === 'function'
    ? (text) => hash('sha256', text, 'hex')
    : (text) => createHash('sha256').update(text).digest('hex');
const meta = (source, name, row) => ({
  versionId: digest(hashes[name] + JSON.stringify(row)).slice(0, 20),
  source: `urn:healthsync:${source}`,
});
const named = (name, row) => Object.fromEntries(outputs[name].map((column, i) => [column, row[i]]));

function patient(row) {
  const { id, family, given, sex, birth_date: birthDate, city, phone } = named('patient', row);
  return {
    resourceType: 'Patient',
    id: `clinic.${id}`,
    meta: meta('clinic', 'patient', row),
    identifier: [{ system, value: id }],
    name: [{ family, given: [given] }],
    telecom: [{ system: 'phone', value: phone }],
    gender: sex === 'M' ? 'male' : 'female',
    birthDate,
    address: [{ city }],
  };
}

function observation(row) {
  const { id, patient_id: of, code, value, taken } = named('observation', row);
  return {
    resourceType: 'Observation',
    id: `ward.${id}`,
    meta: meta('ward', 'observation', row),
    status: 'final',
    code: { coding: [{ system: 'http://loinc.org', code }] },
    subject: { reference: `Patient/clinic.${of}` },
    effectiveDateTime: taken,
    valueQuantity: { value, unit: 'cm', system: 'http://unitsofmeasure.org', code: 'cm' },
  };
}

const databases = { mysql, postgres, mongodb, neo4j };
const database = await databases[kind]();

async function mysql() {
  const { createPool } = await import('mysql2/promise');
  const pool = createPool({ uri: url, connectionLimit: CONNECTIONS, dateStrings: true, rowsAsArray: true });
  const ask = (text) => async (values) => (await pool.execute(text, values))[0];
  return sql(ask, () => '?');
}

async function postgres() {
  const { default: pg } = await import('pg');
  const pool = new pg.Pool({ connectionString: url, max: CONNECTIONS });
  // A DATE as it is written.
  const types = {
    getTypeParser: (oid, format) => (oid === 1082 ? (text) => text : pg.types.getTypeParser(oid, format)),
  };
  let statements = 0;
  const ask = (text) => {
    const name = `s${statements++}`;
    return async (values) => (await pool.query({ name, text, values, rowMode: 'array', types })).rows;
  };
  return sql(ask, (i) => `$${i}`);
}

function sql(ask, place) {
  const page = `LIMIT ${PAGE + 1}`;
  const from = `SELECT ${lists.patient} FROM patients`;
  return {
    byKey: ask(`${from} WHERE id = ${place(1)}`),
    byBirth: ask(`${from} WHERE birth_date >= ${place(1)} AND birth_date < ${place(2)} ORDER BY id ${page}`),
    byPatient: ask(`SELECT ${lists.observation} FROM observations WHERE patient_id = ${place(1)} ORDER BY id ${page}`),
    idsByFamily: ask(`SELECT id FROM patients WHERE family = ${place(1)}`),
  };
}

async function mongodb() {
  const { MongoClient } = await import('mongodb');
  const collection = new MongoClient(url, { maxPoolSize: CONNECTIONS }).db().collection('patients');
  const rows = (found) => found.map((document) => outputs.patient.map((column) => document[column]));
  return {
    byKey: async ([id]) => rows(await collection.find({ id }).toArray()),
    byBirth: async ([from, to]) =>
      rows(
        await collection
          .find({ birth_date: { $gte: from, $lt: to } })
          .sort({ id: 1 })
          .limit(PAGE + 1)
          .toArray(),
      ),
  };
}

async function neo4j() {
  const { default: driver } = await import('neo4j-driver');
  const { protocol, host, username, password } = new URL(url);
  const opened = driver.driver(
    `${protocol}//${host}`,
    ...(username === '' ? [] : [driver.auth.basic(decodeURIComponent(username), decodeURIComponent(password))]),
    { maxConnectionPoolSize: CONNECTIONS },
  );
  const list = outputs.patient.map((column) => `n.${column}`).join(', ');
  const ask = (text) => async (values) => {
    const session = opened.session();
    try {
      const { records } = await session.run(text, Object.fromEntries(values.map((value, i) => [`v${i}`, value])));
      return records.map((record) => outputs.patient.map((_, i) => record.get(i)));
    } finally {
      await session.close();
    }
  };
  return {
    byKey: ask(`MATCH (n:patients) WHERE n.id = $v0 RETURN ${list}`),
    byBirth: ask(
      `MATCH (n:patients) WHERE n.birth_date >= $v0 AND n.birth_date < $v1 RETURN ${list} ORDER BY n.id LIMIT ${PAGE + 1}`,
    ),
  };
}

const app = express().disable('x-powered-by').disable('etag');
const send = (response, body) => {
  response.setHeader('Content-Type', 'application/fhir+json; charset=utf-8');
  response.end(JSON.stringify(body));
};
const bundle = (request, resources) => {
  const self = `${base}${request.originalUrl.slice(5)}`;
  const shown = resources.slice(0, PAGE);
  return {
    resourceType: 'Bundle',
    type: 'searchset',
    link: [
      { relation: 'self', url: self },
      ...(resources.length > PAGE ? [{ relation: 'next', url: `${self}&_cursor=${cursor}` }] : []),
    ],
    ...(shown.length > 0 && {
      entry: shown.map((resource) => ({
        fullUrl: `${base}/${resource.resourceType}/${resource.id}`,
        resource,
        search: { mode: 'match' },
      })),
    }),
  };
};
const after = (month) =>
  month.endsWith('-12')
    ? `${Number(month.slice(0, 4)) + 1}-01`
    : `${month.slice(0, 5)}${String(Number(month.slice(5)) + 1).padStart(2, '0')}`;
/** A DATE column is asked for days, a text for what begins so. */
const day = (month) => (kind === 'mysql' || kind === 'postgres' ? `${month}-01` : month);
const keyOf = (id) => id.slice('clinic.'.length);

app.get('/fhir/Patient/:id', async (request, response) =>
  send(response, patient((await database.byKey([keyOf(request.params.id)]))[0])),
);
app.get('/fhir/Patient', async (request, response) => {
  const { identifier, birthdate } = request.query;
  const rows = identifier
    ? await database.byKey([identifier.split('|')[1]])
    : await database.byBirth([day(birthdate), day(after(birthdate))]);
  send(response, bundle(request, rows.map(patient)));
});
app.get('/fhir/Observation', async (request, response) =>
  send(response, bundle(request, (await database.byPatient([keyOf(request.query.subject.slice(8))])).map(observation))),
);
app.get('/cursor/:text', (request, response) => {
  cursor = request.params.text;
  response.end();
});
const server = app.listen(0, '127.0.0.1', () => process.stdout.write(`${server.address().port}\n`));
