const base = 'https://healthsync.dev/fhir';

/** Names of identifiers, local code systems, translations and extensions; each is defined in `profiles/`. */
export const sid = (what: string) => `${base}/sid/his-b/${what}`;
export const local = (column: string) => `${base}/CodeSystem/his-b-${column}`;
export const conceptMap = (column: string) => `${base}/ConceptMap/his-b-${column}`;
export const extension = (name: string) => `${base}/StructureDefinition/${name}`;

export const SNOMED = 'http://snomed.info/sct';
export const LOINC = 'http://loinc.org';
export const UCUM = 'http://unitsofmeasure.org';
const HL7 = 'http://terminology.hl7.org/CodeSystem';

/** A concept that is the same for every row. */
export const coded = (system: string, code: string, display: string) => ({ coding: [{ system, code, display }] });
export const hl7 = (name: string, code: string, display: string) => coded(`${HL7}/${name}`, code, display);
export const loinc = (code: string, display: string) => coded(LOINC, code, display);

export const ENCOUNTER_CLASS = `${HL7}/v3-ActCode`;

export const gender = {
  codes: {
    Male: 'male',
    Female: 'female',
    Other: 'other',
    Unknown: 'unknown',
    M: 'male',
    F: 'female',
    O: 'other',
    male: 'male',
    female: 'female',
    other: 'other',
  },
  canonical: { male: 'Male', female: 'Female', other: 'Other', unknown: 'Unknown' },
} as const;
