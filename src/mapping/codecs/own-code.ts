import { isCode } from './concept.js';
import { textThat } from './text-that.js';

/** A text as a FHIR `code` of the source's own system (`Coding.code`), where it has a code's form (R4 datatypes.html#code). */
export const ownCode = textThat('code', isCode);
