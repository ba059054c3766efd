const base = 'https://healthsync.dev/fhir';

/** Names of identifiers, local code systems and translations, and of the registry's patient numbers; each is defined in `profiles/`. */
export const sid = (what: string) => `${base}/sid/imaging/${what}`;
export const local = (what: string) => `${base}/CodeSystem/imaging-${what}`;
export const registryNumber = `${base}/sid/registry/patient-id`;

export const DICOM = 'http://dicom.nema.org/resources/ontology/DCM';
