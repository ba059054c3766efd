const base = 'https://healthsync.dev/fhir';
const HL7 = 'http://terminology.hl7.org/CodeSystem';

/** Names of identifiers; each is defined in `profiles/`. */
export const sid = (what: string) => `${base}/sid/vitals/${what}`;

const coded = (system: string, code: string, display: string) => ({ coding: [{ system, code, display }] });

export const loinc = (code: string, display: string) => coded('http://loinc.org', code, display);
export const vitalSigns = coded(`${HL7}/observation-category`, 'vital-signs', 'Vital Signs');

const UCUM = 'http://unitsofmeasure.org';
export const perMinute = { unit: 'beats/minute', system: UCUM, code: '/min' };
export const mmHg = { unit: 'mmHg', system: UCUM, code: 'mm[Hg]' };
