/** What takes one request of ours and the hand-written queries alone of the same question, in turns. */
import { freePort, get, median, startServer } from '../processes.mjs';
import { began, fill, inBench, patientOf, pointsEach } from './data.mjs';
import { configured, filled } from './searches.mjs';

const ASKED = 60;
/** Requests before: until then compiled code is not compared with compiled code. */
const WARM = 400;
const hour = 3_600_000;

/** The observations of a family's patients: patients in MySQL, observations in PostgreSQL. */
export async function chain({ mysql: patientsUrl, postgres: observationsUrl, patients, each }) {
  await filled(fill.mysql(patientsUrl, patients));
  await filled(fill.postgres(observationsUrl, patients, { observations: each }));
  const { createPool } = await import('mysql2/promise');
  const { default: pg } = await import('pg');
  const clinic = createPool({ uri: inBench(patientsUrl), rowsAsArray: true });
  const ward = new pg.Pool({ connectionString: inBench(observationsUrl) });
  const text =
    'SELECT id, patient_id, code, value, taken FROM observations WHERE patient_id = ANY($1) ORDER BY id LIMIT 21';
  const pair = async (family) => {
    const [ids] = await clinic.execute('SELECT id FROM patients WHERE family LIKE ?', [`${family}%`]);
    return (await ward.query({ name: 'pair', text, values: [ids.flat()] })).rows
      .slice(0, 20)
      .map(({ id }) => `ward.${id}`);
  };
  const sources = [
    { name: 'clinic', adapter: 'mysql', location: inBench(patientsUrl) },
    { name: 'ward', adapter: 'postgres', location: inBench(observationsUrl) },
  ];
  try {
    return await compared({
      figure: `chain over two sources, ${patients.toLocaleString('en')} patients in mysql, ${(patients * each).toLocaleString('en')} observations in postgres`,
      sources,
      name: 'chain',
      questions: Array.from({ length: ASKED + WARM }, (_, i) => patientOf(i * 7, patients)[1]),
      path: (family) => `/fhir/Observation?patient.family=${family}&_count=20`,
      bare: pair,
    });
  } finally {
    await clinic.end();
    await ward.end();
  }
}

/** The last hour of one patient among so many points of InfluxDB. */
export async function lastHour({ influxdb: url, number }) {
  await filled(fill.influxdb(url, number));
  const { origin, pathname, username, password } = new URL(inBench(url));
  const authorization = `Basic ${Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString('base64')}`;
  const until = began + pointsEach * 60_000;
  const iso = (at) => new Date(at).toISOString();
  const bare = async (patient) => {
    const q = `SELECT pulse FROM vitals WHERE patient = '${patient}' AND time >= '${iso(until - hour)}' AND time < '${iso(until)}'`;
    const answer = await fetch(`${origin}/query?${new URLSearchParams({ db: pathname.slice(1), q, epoch: 'ns' })}`, {
      headers: username === '' ? {} : { authorization },
    });
    const { results } = await answer.json();
    return results[0].series[0].values;
  };
  const patients = number / pointsEach;
  return compared({
    figure: `last hour of one patient among ${number.toLocaleString('en')} points of influxdb`,
    sources: [{ name: 'devices', adapter: 'influxdb', location: inBench(url) }],
    name: 'devices',
    questions: Array.from({ length: ASKED + WARM }, (_, i) => patientOf((i * 7) % patients, patients)[0]),
    path: (patient) =>
      `/fhir/Observation?subject=Patient/clinic.${patient}&date=ge${iso(until - hour)}&date=lt${iso(until)}&_count=100`,
    bare,
    same: (entries, rows) => entries.length === rows.length,
  });
}

async function compared({ figure, sources, name, questions, path, bare, same = sameIds }) {
  const port = await freePort();
  const server = await startServer(configured(name, sources, port));
  try {
    const times = { ours: [], bare: [] };
    for (const [i, question] of questions.entries()) {
      const begun = performance.now();
      const rows = await bare(question);
      const between = performance.now();
      const { status, text } = await get(port, path(question));
      const ended = performance.now();
      const entries = status === 200 ? (JSON.parse(text).entry ?? []) : undefined;
      if (!entries || rows.length === 0 || !same(entries, rows))
        throw new Error(`${path(question)}: ${status}, ${rows.length} rows\n${text.slice(0, 2000)}`);
      if (i < WARM) continue;
      times.bare.push(between - begun);
      times.ours.push(ended - between);
    }
    return [
      {
        figure,
        ours: `${median(times.ours).toFixed(2)} ms`,
        floor: `${median(times.bare).toFixed(2)} ms`,
        ratio: median(times.ours) / median(times.bare),
        target: 2,
        better: 'less',
      },
    ];
  } finally {
    await server.stop();
  }
}

function sameIds(entries, ids) {
  return JSON.stringify(entries.map(({ resource }) => resource.id)) === JSON.stringify(ids);
}
