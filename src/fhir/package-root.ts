/** The folder of package.json, seen from the build (`dist/src/fhir/`). */
export const packageRoot = new URL('../../../', import.meta.url);

/** R4's definitions, reduced: see scripts/reduce-r4.mjs. */
export const r4 = new URL('profiles/r4/', packageRoot);
