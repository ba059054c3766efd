import { type CodeLists, valueSets } from './definitions.js';

type Json = Readonly<Record<string, unknown>>;

/** ISO 4217, which no list of HL7's holds. */
const currencies = 'http://hl7.org/fhir/ValueSet/currencies';
const sets = new Map<string, CodeSet | undefined>();

interface CodeSet {
  readonly codes: ReadonlySet<string>;
  /** `system|code` */
  readonly codings: ReadonlySet<string>;
}

function codeSet(valueSet: string): CodeSet | undefined {
  if (!sets.has(valueSet)) {
    const lists = valueSet === currencies ? iso4217() : valueSets()[valueSet];
    sets.set(
      valueSet,
      lists && {
        codes: new Set(Object.values(lists).flat()),
        codings: new Set(Object.entries(lists).flatMap(([system, codes]) => codes.map((code) => `${system}|${code}`))),
      },
    );
  }
  return sets.get(valueSet);
}

function iso4217(): CodeLists {
  return { 'urn:iso:std:iso:4217': Intl.supportedValuesOf('currency') };
}

/**
 * Is the value one that a required binding allows? True also for a value set that is no list (MIME types, UCUM), and for what is
 * no value of the type at all. https://hl7.org/fhir/R4/terminologies.html#required
 */
export function isInValueSet(value: unknown, type: string, valueSet: string): boolean {
  const set = codeSet(valueSet);
  if (!set) return true;
  if (typeof value === 'string') return set.codes.has(value);
  if (typeof value !== 'object' || value === null) return true;
  if (type !== 'CodeableConcept') return isCodingIn(value as Json, set);
  const { coding } = value as Json;
  if (Array.isArray(coding)) return coding.some((each) => typeof each === 'object' && isCodingIn(each as Json, set));
  // Words alone, or an extension that says why there are none.
  return coding !== undefined || 'extension' in value;
}

const bcp47 = 'urn:ietf:bcp:47';

/**
 * Are the codes of a value that says a language well-formed tags of BCP 47? Whether a language has that tag is not asked.
 * https://hl7.org/fhir/R4/valueset-all-languages.html
 */
export function isLanguage(value: unknown): boolean {
  if (typeof value === 'string') return isTag(value);
  const coding = (value as Json | null)?.coding;
  if (!Array.isArray(coding)) return true;
  return coding.some(
    (each: Json | null) => each?.system === bcp47 && typeof each.code === 'string' && isTag(each.code),
  );
}

function isTag(text: string): boolean {
  try {
    return Intl.getCanonicalLocales(text).length === 1;
  } catch {
    return false;
  }
}

function isCodingIn(coding: Json | null, set: CodeSet): boolean {
  return set.codings.has(`${coding?.system}|${coding?.code}`);
}
