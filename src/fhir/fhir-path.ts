import { createRequire } from 'node:module';
import type * as library from 'fhirpath';

/** The FHIRPath library and its model of R4. */
export type FhirPath = Pick<typeof library, 'compile' | 'evaluate' | 'parse' | 'FP_Decimal'> & {
  readonly model: library.Model;
};

const require = createRequire(import.meta.url);
let loaded: FhirPath | undefined;

/**
 * Loaded when it is first asked for: it costs a tenth of a second and 20 MB,
 * and a server that only reads needs none of it. Nothing else imports the library: another copy would be loaded beside.
 */
export function fhirPath(): FhirPath {
  if (!loaded) {
    const { compile, evaluate, parse, FP_Decimal } = require('fhirpath') as typeof library;
    loaded = { compile, evaluate, parse, FP_Decimal, model: require('fhirpath/fhir-context/r4') as library.Model };
  }
  return loaded;
}
