/** The people that are written: the n-th as a row, as the Patient of it, and as the request that writes it. */
import { createHash, hash } from 'node:crypto';

export const system = 'https://healthsync.dev/fhir/sid/bench/record';
/** People who are there before: those that updates and patches are of. */
export const THERE = 1000;
/** Resources of one transaction. */
export const TOGETHER = 100;

export const columns = [
  'id',
  'family',
  'given',
  'sex',
  'birth_date',
  'phone',
  'email',
  'street',
  'city',
  'postal_code',
  'country',
];

const families = ['Berg', 'Chen', 'Diaz', 'Iyer', 'Kaya', 'Moreau', 'Okafor', 'Silva'];
const cities = ['Chennai', 'Pune', 'Delhi', 'Kochi'];
const two = (number) => String(number).padStart(2, '0');

/** `changed`: the number of the change that the phone is from. */
export function person(n, changed = n) {
  const family = families[n % 8];
  return {
    id: `r${n}`,
    family,
    given: `Asha${n % 97}`,
    sex: n % 2 ? 'M' : 'F',
    birth_date: `${1930 + (n % 90)}-${two(1 + (n % 12))}-${two(1 + (n % 28))}`,
    phone: phone(changed),
    email: `${family.toLowerCase()}.${n}@example.org`,
    street: `${1 + (n % 300)} Temple Road`,
    city: cities[n % 4],
    postal_code: `6000${10 + (n % 80)}`,
    country: 'IN',
  };
}

export const phone = (n) => `+91 ${10_000_000 + n}`;

/** As a client sends it; `meta`: as a server gives it back. */
export function patient(row, id, meta) {
  return {
    resourceType: 'Patient',
    ...(id && { id }),
    ...(meta && { meta }),
    identifier: [{ system, value: row.id }],
    name: [{ use: 'official', family: row.family, given: [row.given] }],
    telecom: [
      { system: 'phone', value: row.phone },
      { system: 'email', value: row.email },
    ],
    gender: row.sex === 'M' ? 'male' : 'female',
    birthDate: row.birth_date,
    address: [{ line: [row.street], city: row.city, postalCode: row.postal_code, country: row.country }],
  };
}

const digest =
  typeof hash === 'function'
    ? (text) => hash('sha256', text, 'hex')
    : (text) => createHash('sha256').update(text).digest('hex');

/** As the server answers it: `mapping` is the hash that its content versions begin with, and the order of its columns. */
export function answered(row, mapping) {
  const versionId = digest(mapping.hash + JSON.stringify(mapping.columns.map((column) => row[column]))).slice(0, 20);
  return patient(row, `register.${row.id}`, { versionId, source: 'urn:healthsync:register' });
}

const path = '/fhir/Patient';
const fhir = { 'Content-Type': 'application/fhir+json' };
const post = (n, headers = fhir) => ({
  method: 'POST',
  path,
  headers,
  body: JSON.stringify(patient(person(n))),
});
const there = (n) => `register.r${n % THERE}`;

/** By kind: the n-th request, the status of its answer, how many rows it adds, and the row that it leaves. */
export const kinds = {
  create: { status: 201, adds: 1, request: (n) => post(n), row: (n) => person(n) },
  update: {
    status: 200,
    adds: 0,
    request: (n) => ({
      method: 'PUT',
      path: `${path}/${there(n)}`,
      headers: fhir,
      body: JSON.stringify(patient(person(n % THERE, n), there(n))),
    }),
    row: (n) => person(n % THERE, n),
  },
  patch: {
    status: 200,
    adds: 0,
    request: (n) => ({
      method: 'PATCH',
      path: `${path}/${there(n)}`,
      headers: { 'Content-Type': 'application/json-patch+json' },
      body: JSON.stringify([{ op: 'replace', path: '/telecom/0/value', value: phone(n) }]),
    }),
    row: (n) => person(n % THERE, n),
  },
  'conditional create': {
    status: 201,
    adds: 1,
    request: (n) => post(n, { ...fhir, 'If-None-Exist': `identifier=${system}|r${n}` }),
    row: (n) => person(n),
  },
  [`transaction of ${TOGETHER} creates`]: {
    status: 200,
    adds: TOGETHER,
    request: (n) => ({
      method: 'POST',
      path: '/fhir',
      headers: fhir,
      body: JSON.stringify({
        resourceType: 'Bundle',
        type: 'transaction',
        entry: Array.from({ length: TOGETHER }, (_, i) => {
          const id = `register.r${n * TOGETHER + i}`;
          return {
            resource: patient(person(n * TOGETHER + i), id),
            request: { method: 'PUT', url: `Patient/${id}` },
          };
        }),
      }),
    }),
    row: (n) => person(n * TOGETHER + (n % TOGETHER)),
  },
};
