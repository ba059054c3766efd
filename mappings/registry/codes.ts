const base = 'https://healthsync.dev/fhir';

/** Names of identifiers, local code systems and translations; each is defined in `profiles/`. */
export const sid = (what: string) => `${base}/sid/registry/${what}`;
export const local = (column: string) => `${base}/CodeSystem/registry-${column}`;
export const conceptMap = (column: string) => `${base}/ConceptMap/registry-${column}`;

export const coded = (system: string, code: string, display: string) => ({ coding: [{ system, code, display }] });

export const gender = { codes: { Male: 'male', Female: 'female', Other: 'other' } } as const;
