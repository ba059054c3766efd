const base = 'https://healthsync.dev/fhir';

/** Names of identifiers, local code systems and translations; each is defined in `profiles/`. */
export const sid = (what: string) => `${base}/sid/ehr/${what}`;
export const local = (what: string) => `${base}/CodeSystem/ehr-${what}`;
export const conceptMap = (what: string) => `${base}/ConceptMap/ehr-${what}`;

export const UCUM = 'http://unitsofmeasure.org';
const HL7 = 'http://terminology.hl7.org/CodeSystem';

/** A concept that is the same for every row. */
export const coded = (system: string, code: string, display: string) => ({ coding: [{ system, code, display }] });
export const hl7 = (name: string, code: string, display: string) => coded(`${HL7}/${name}`, code, display);
export const ENCOUNTER_CLASS = `${HL7}/v3-ActCode`;

export const gender = { codes: { Male: 'male', Female: 'female', Other: 'other' } } as const;
