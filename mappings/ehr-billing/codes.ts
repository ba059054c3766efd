const base = 'https://healthsync.dev/fhir';

/** Names of identifiers and extensions; each is defined in `profiles/`. */
export const sid = (what: string) => `${base}/sid/ehr-billing/${what}`;
/** Patients have the number that the record (source `ehr`) gave them. */
export const patientNumber = `${base}/sid/ehr/patient-id`;
export const extension = (name: string) => `${base}/StructureDefinition/${name}`;

export const ENCOUNTER_CLASS = 'http://terminology.hl7.org/CodeSystem/v3-ActCode';
export const ORGANIZATION_TYPE = 'http://terminology.hl7.org/CodeSystem/organization-type';
