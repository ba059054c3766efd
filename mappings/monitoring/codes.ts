const base = 'https://healthsync.dev/fhir';

/** Names of local code systems and translations; each is defined in `profiles/`. */
export const local = (what: string) => `${base}/CodeSystem/monitoring-${what}`;
export const conceptMap = (what: string) => `${base}/ConceptMap/monitoring-${what}`;
