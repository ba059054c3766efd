/**
 * What the machine can do: bare Express, the same driver, one prepared statement for each kind of request, and the row written
 * as FHIR by hand. `{adapter, location, source, base, hashes}` on the command line; prints its port.
 */
import { createHash, hash } from 'node:crypto';
import { createRequire } from 'node:module';
import express from 'express';

const { adapter, location, source, base, hashes } = JSON.parse(process.argv[2]);
const PAGE = 20;
const own = 'https://healthsync.dev/fhir';
/** A cursor as long as a sealed one; its text is random, so it is the one thing that cannot be equal. */
let cursor = '';

const digest =
  typeof hash === 'function'
    ? (text) => hash('sha256', text, 'hex')
    : (text) => createHash('sha256').update(text).digest('hex');
const version = (name, row) => digest(hashes[name] + JSON.stringify(row)).slice(0, 20);
const text = (cell) => {
  if (cell === null || cell === undefined) return undefined;
  const trimmed = String(cell).trim();
  return trimmed === '' || trimmed === 'N/A' || trimmed === 'n/a' || trimmed === '0000-00-00' ? undefined : trimmed;
};
const genders = {
  Male: 'male',
  Female: 'female',
  Other: 'other',
  Unknown: 'unknown',
  M: 'male',
  F: 'female',
  O: 'other',
};
const meta = (name, row) => ({ versionId: version(name, row), source: `urn:healthsync:${source}` });
const some = (list) => (list.length > 0 ? list : undefined);
const filled = (object) => (Object.values(object).some((value) => value !== undefined) ? object : undefined);

/** Cells in the order that the mapping asks for them; so the content version is the same. */
function patient(row) {
  const [
    id,
    status,
    last,
    first,
    phone,
    email,
    gender,
    dob,
    city,
    state,
    zip,
    country,
    relation,
    kin,
    kinPhone,
    doctor,
  ] = row;
  const given = text(first);
  const address = filled({ city: text(city), state: text(state), postalCode: text(zip), country: text(country) });
  const told = text(relation);
  const called = text(kin);
  const reached = text(kinPhone);
  const contact = filled({
    relationship: told && [{ text: told }],
    name: called && { text: called },
    telecom: reached && [{ system: 'phone', value: reached }],
  });
  const telecom = [
    { system: 'phone', value: text(phone) },
    { system: 'email', value: text(email) },
  ].filter(({ value }) => value !== undefined);
  const physician = text(doctor);
  const birthDate = text(dob);
  return {
    resourceType: 'Patient',
    id: `${source}.${id}`,
    meta: meta('patient', row),
    extension: text(status) && [{ url: `${own}/StructureDefinition/patient-status`, valueString: text(status) }],
    identifier: [{ use: 'usual', system: `${own}/sid/${source}/patient-id`, value: id }],
    name: [{ use: 'official', family: text(last), given: given && [given] }],
    telecom: some(telecom),
    gender: genders[text(gender)],
    birthDate: birthDate && /^\d{4}(-\d\d(-\d\d)?)?$/.test(birthDate) ? birthDate : undefined,
    address: address && [address],
    contact: contact && [contact],
    generalPractitioner: physician && [{ display: physician }],
    managingOrganization: { reference: `Organization/${source}.hospital` },
  };
}

const category = (code, display) => [
  { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/observation-category', code, display }] },
];
const loinc = (code, display) => ({ coding: [{ system: 'http://loinc.org', code, display }] });
const quantity = (value, unit) => ({ value, unit, system: 'http://unitsofmeasure.org', code: unit });
const bloodGroups = {
  'A+': ['278149003', 'Blood group A Rh(D) positive'],
  'A-': ['278152006', 'Blood group A Rh(D) negative'],
  'B+': ['278150003', 'Blood group B Rh(D) positive'],
  'B-': ['278153001', 'Blood group B Rh(D) negative'],
  'AB+': ['278151004', 'Blood group AB Rh(D) positive'],
  'AB-': ['278154007', 'Blood group AB Rh(D) negative'],
  'O+': ['278147001', 'Blood group O Rh(D) positive'],
  'O-': ['278148006', 'Blood group O Rh(D) negative'],
};

function observation(name, id, facet, row, kind, code, value) {
  return {
    resourceType: 'Observation',
    id: `${source}.${id}.${facet}`,
    meta: meta(name, row),
    status: 'final',
    category: kind,
    code,
    subject: { reference: `Patient/${source}.${id}` },
    ...value,
  };
}

const vital = category('vital-signs', 'Vital Signs');
const laboratory = category('laboratory', 'Laboratory');

function observations([id, group, height, weight, bp, hb]) {
  const found = [];
  const blood = text(group);
  if (blood !== undefined) {
    const [code, display] = bloodGroups[blood] ?? [];
    const coding = [
      ...(code ? [{ system: 'http://snomed.info/sct', code, display }] : []),
      { system: `${own}/CodeSystem/${source}-blood-group`, code: blood },
    ];
    found.push(
      observation(
        'observation-blood-group',
        id,
        'blood-group',
        [id, group],
        laboratory,
        loinc('882-1', 'ABO and Rh group [Type] in Blood'),
        {
          valueCodeableConcept: { coding, text: blood },
        },
      ),
    );
  }
  const pressure = /^(\d+)\/(\d+)$/.exec(text(bp) ?? '');
  if (pressure) {
    found.push(
      observation(
        'observation-blood-pressure',
        id,
        'blood-pressure',
        [id, bp],
        vital,
        loinc('85354-9', 'Blood pressure panel with all children optional'),
        {
          component: [
            {
              code: loinc('8480-6', 'Systolic blood pressure'),
              valueQuantity: {
                value: Number(pressure[1]),
                unit: 'mmHg',
                system: 'http://unitsofmeasure.org',
                code: 'mm[Hg]',
              },
            },
            {
              code: loinc('8462-4', 'Diastolic blood pressure'),
              valueQuantity: {
                value: Number(pressure[2]),
                unit: 'mmHg',
                system: 'http://unitsofmeasure.org',
                code: 'mm[Hg]',
              },
            },
          ],
        },
      ),
    );
  }
  if (text(hb) !== undefined)
    found.push(
      observation(
        'observation-haemoglobin',
        id,
        'haemoglobin',
        [id, hb],
        laboratory,
        loinc('718-7', 'Hemoglobin [Mass/volume] in Blood'),
        { valueQuantity: quantity(Number(hb), 'g/dL') },
      ),
    );
  if (text(height) !== undefined)
    found.push(
      observation('observation-height', id, 'height', [id, height], vital, loinc('8302-2', 'Body height'), {
        valueQuantity: quantity(Number(height), 'cm'),
      }),
    );
  if (text(weight) !== undefined)
    found.push(
      observation('observation-weight', id, 'weight', [id, weight], vital, loinc('29463-7', 'Body weight'), {
        valueQuantity: quantity(Number(weight), 'kg'),
      }),
    );
  return found;
}

const database = await (adapter === 'sqlite' ? sqlite() : duckdb());

async function sqlite() {
  const Database = createRequire(import.meta.url)('better-sqlite3');
  const opened = new Database(location, { readonly: true });
  const columns =
    'patient_id, patient_status, last_name, first_name, phone, email, gender, dob, city, state, postal_code, country, emergency_contact_relation, emergency_contact_name, emergency_contact_phone, primary_physician';
  const prepare = (sql) => {
    const statement = opened.prepare(sql).raw();
    return (...values) => statement.all(...values);
  };
  return {
    byKey: prepare(`SELECT ${columns} FROM patients WHERE patient_id = ?`),
    byBirth: prepare(
      `SELECT ${columns} FROM patients WHERE dob >= ? AND dob < ? ORDER BY patient_id LIMIT ${PAGE + 1}`,
    ),
    byFamily: prepare(
      `SELECT ${columns} FROM patients WHERE last_name >= ? COLLATE NOCASE AND last_name < ? COLLATE NOCASE ORDER BY patient_id LIMIT ${PAGE + 1}`,
    ),
    measures: prepare('SELECT patient_id, blood_group, height_cm, weight_kg FROM patients WHERE patient_id = ?'),
  };
}

/** Reads the file where it lies, at each request, as the server does. */
async function duckdb() {
  const { DuckDBInstance } = await import('@duckdb/node-api');
  const instance = await DuckDBInstance.create(':memory:', { threads: '2' });
  const file = `read_json_objects('${location}/patients.json', format = 'array')`;
  const prepare = async (where) => {
    const free = [];
    for (let i = 0; i < 4; i++)
      free.push(await (await instance.connect()).prepare(`SELECT json FROM ${file} WHERE ${where}`));
    const waiting = [];
    return async (...values) => {
      const statement = free.pop() ?? (await new Promise((resolve) => waiting.push(resolve)));
      try {
        for (const [i, value] of values.entries()) statement.bindVarchar(i + 1, value);
        return (await (await statement.run()).getRows()).map(([json]) => JSON.parse(json));
      } finally {
        const next = waiting.shift();
        if (next) next(statement);
        else free.push(statement);
      }
    };
  };
  const at = (path) => `json_extract_string(json, '$.${path}')`;
  const flat = (p) =>
    [
      p.patient_id,
      p.patient_status,
      p.name?.last,
      p.name?.first,
      p.contact?.phone,
      p.contact?.email,
      p.gender,
      p.dob,
      p.location?.city,
      p.location?.state,
      p.location?.postal_code,
      p.location?.country,
      p.emergency_person?.relation,
      p.emergency_person?.name,
      p.emergency_person?.phone,
      p.primary_physician,
    ].map((cell) => cell ?? null);
  const few = (p) =>
    [p.patient_id, p.medical_info?.blood_group, p.height_cm, p.weight_kg, p.medical_info?.bp, p.medical_info?.hb].map(
      (cell) => cell ?? null,
    );
  const [key, birth, family] = [
    await prepare(`${at('patient_id')} = $1`),
    await prepare(`${at('dob')} >= $1 AND ${at('dob')} < $2 ORDER BY ${at('patient_id')} LIMIT ${PAGE + 1}`),
    await prepare(
      `lower(${at('name.last')}) >= $1 AND lower(${at('name.last')}) < $2 ORDER BY ${at('patient_id')} LIMIT ${PAGE + 1}`,
    ),
  ];
  return {
    byKey: async (id) => (await key(id)).map(flat),
    byBirth: async (...range) => (await birth(...range)).map(flat),
    byFamily: async (...range) => (await family(...range)).map(flat),
    measures: async (id) => (await key(id)).map(few),
  };
}

const app = express().disable('x-powered-by').disable('etag');
const send = (response, body) => {
  response.setHeader('Content-Type', 'application/fhir+json; charset=utf-8');
  response.end(JSON.stringify(body));
};
const bundle = (request, resources) => {
  const url = `${base}${request.originalUrl.slice(5)}`;
  const shown = resources.slice(0, PAGE);
  return {
    resourceType: 'Bundle',
    type: 'searchset',
    link: [
      { relation: 'self', url },
      ...(resources.length > PAGE ? [{ relation: 'next', url: `${url}&_cursor=${cursor}` }] : []),
    ],
    entry: some(
      shown.map((resource) => ({
        fullUrl: `${base}/${resource.resourceType}/${resource.id}`,
        resource,
        search: { mode: 'match' },
      })),
    ),
  };
};
const keyOf = (id) => id.slice(source.length + 1);
const after = (text) => text.slice(0, -1) + String.fromCharCode(text.charCodeAt(text.length - 1) + 1);

app.get('/fhir/Patient/:id', async (request, response) =>
  send(response, patient((await database.byKey(keyOf(request.params.id)))[0])),
);
app.get('/fhir/Patient', async (request, response) => {
  const { identifier, birthdate, family } = request.query;
  if (identifier) return send(response, bundle(request, (await database.byKey(identifier.split('|')[1])).map(patient)));
  if (birthdate)
    return send(response, bundle(request, (await database.byBirth(birthdate, after(birthdate))).map(patient)));
  return send(
    response,
    bundle(request, (await database.byFamily(family.toLowerCase(), after(family.toLowerCase()))).map(patient)),
  );
});
app.get('/fhir/Observation', async (request, response) => {
  const rows = await database.measures(keyOf(request.query.subject.slice(8)));
  send(
    response,
    bundle(
      request,
      rows.flatMap(([id, group, height, weight, bp, hb]) => observations([id, group, height, weight, bp, hb])),
    ),
  );
});
app.get('/cursor/:text', (request, response) => {
  cursor = request.params.text;
  response.end();
});
const server = app.listen(0, '127.0.0.1', () => process.stdout.write(`${server.address().port}\n`));
