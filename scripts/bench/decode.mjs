import { map, table } from '#src/mapping/index.js';
import { compileReader } from '#src/mapping/read.js';
import { median } from './processes.mjs';

const ROWS = 100_000;
const patients = table('patients', {
  key: ['id'],
  columns: {
    id: 'text',
    family: 'text',
    given: 'text',
    sex: 'text',
    born: 'date',
    phone: 'text',
    email: 'text',
    street: 'text',
    city: 'text',
    state: 'text',
    zip: 'text',
    country: 'text',
    kin: 'text',
    kin_phone: 'text',
    doctor: 'text',
  },
});
/** A flat row of 15 columns. */
const patient = map('Patient', {
  name: 'patient',
  id: patients.id,
  to: {
    resourceType: 'Patient',
    identifier: [{ system: 'urn:mrn', value: patients.text('id') }],
    name: [{ family: patients.text('family'), given: [patients.text('given')] }],
    telecom: [
      { system: 'phone', value: patients.text('phone') },
      { system: 'email', value: patients.text('email') },
    ],
    gender: patients.code('sex', { codes: { M: 'male', F: 'female' } }),
    birthDate: patients.date('born'),
    address: [
      {
        line: [patients.text('street')],
        city: patients.text('city'),
        state: patients.text('state'),
        postalCode: patients.text('zip'),
        country: patients.text('country'),
      },
    ],
    contact: [
      { name: { text: patients.text('kin') }, telecom: [{ system: 'phone', value: patients.text('kin_phone') }] },
    ],
    generalPractitioner: [{ display: patients.text('doctor') }],
  },
});

/** Rows of a flat Patient that become resources in a second, in this one thread. */
export function decode({ rounds }) {
  const setting = (versioned) => ({ source: 'bench', timeZone: 'UTC', conceptMap: () => undefined, versioned });
  return [
    ['without content version', false, 700_000],
    ['with content version', true, 300_000],
  ].map(([how, versioned, target]) => {
    const {
      outputs: { list: output },
      read,
    } = compileReader(patient, setting(versioned), '0123456789abcdef');
    const rows = Array.from({ length: ROWS }, (_, i) => {
      const cells = {
        id: `P${i}`,
        family: `Family${i % 997}`,
        given: `Given${i % 499}`,
        sex: i % 2 ? 'M' : 'F',
        born: `19${10 + (i % 90)}-0${1 + (i % 9)}-1${i % 9}`,
        phone: `+47 ${10_000_000 + i}`,
        email: `p${i}@example.org`,
        street: `Street ${i % 999}`,
        city: `City${i % 99}`,
        state: `State${i % 9}`,
        zip: String(10_000 + (i % 9999)),
        country: 'NO',
        kin: `Kin ${i % 997}`,
        kin_phone: `+47 ${20_000_000 + i}`,
        doctor: `Dr ${i % 77}`,
      };
      return output.map(({ column }) => cells[column]);
    });
    const rates = [];
    let made = 0;
    for (let round = 0; round < rounds + 2; round++) {
      const begun = performance.now();
      for (const row of rows) if (read(row, () => {})?.id !== undefined) made++;
      if (round >= 2) rates.push(ROWS / ((performance.now() - begun) / 1000));
    }
    if (made !== ROWS * (rounds + 2)) throw new Error(`${made} resources were made`);
    return {
      figure: `decode a flat Patient of ${output.length} columns, ${how}`,
      ours: `${Math.round(median(rates)).toLocaleString('en')}/s`,
      floor: `${target.toLocaleString('en')}/s`,
      ratio: median(rates) / target,
      target: 1,
      better: 'more',
    };
  });
}
