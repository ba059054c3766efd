const base = 'https://healthsync.dev/fhir';

/** Names of local code systems and translations, and of the registry's patient numbers; each is defined in `profiles/`. */
export const local = (what: string) => `${base}/CodeSystem/lab-${what}`;
export const conceptMap = (what: string) => `${base}/ConceptMap/lab-${what}`;
export const registryNumber = `${base}/sid/registry/patient-id`;

const HL7 = 'http://terminology.hl7.org/CodeSystem';

export const hl7 = (name: string, code: string, display: string) => ({
  coding: [{ system: `${HL7}/${name}`, code, display }],
});
