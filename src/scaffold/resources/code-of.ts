import { type Code, Raw } from '../code.js';
import type { Reading } from '../reading.js';
import type { SurveyedColumn } from '../survey.js';
import { plain } from '../words.js';

/** Code systems that the name of a column names without a doubt. */
const named: readonly (readonly [RegExp, string])[] = [
  [/loinc/, 'http://loinc.org'],
  [/snomed|sctid/, 'http://snomed.info/sct'],
  [/rxnorm|rxcui/, 'http://www.nlm.nih.gov/research/umls/rxnorm'],
  [/cvx/, 'http://hl7.org/fhir/sid/cvx'],
];

/**
 * A CodeableConcept of a column of codes and one of words; undefined when there is neither. Codes are of the system that their
 * column's name or their check digits tell, otherwise of the source's own.
 */
export function codeOf(reading: Reading, codes: string, texts: string): Code | undefined {
  const code = reading.find(codes);
  if (!code) {
    const text = reading.find(texts);
    return text && reading.bind('concept', text, 'Example', { system: reading.system(text) });
  }
  const known = systemOf(code);
  if (known === undefined)
    reading.decisions.push(`${code.name}: which code system is it? Until then its codes are of the source's own.`);
  reading.imports.add('ownCode');
  const bound = reading.bind('col', code, cellOf(code, known), new Raw('ownCode'));
  const text = reading.find(texts);
  if (!text) return { coding: [{ system: known ?? reading.system(code), code: bound }] };
  const words = reading.text(text, 'Example');
  return { coding: [{ system: known ?? reading.system(code), code: bound, display: words }], text: words };
}

function cellOf({ type }: SurveyedColumn, system: string | undefined): string | number {
  if (type === 'integer' || type === 'decimal') return 404684003;
  return system === 'http://loinc.org' ? '8302-2' : system === 'http://snomed.info/sct' ? '404684003' : 'A1';
}

const fewest = 3;

function systemOf({ path, values }: SurveyedColumn): string | undefined {
  const name = plain(path.join(''));
  const system = named.find(([pattern]) => pattern.test(name))?.[1];
  if (system !== undefined) return system;
  const seen = [...new Set(values.map((value) => String(value).trim()))].filter((text) => text !== '');
  if (seen.length < fewest) return undefined;
  if (seen.every(isLoinc)) return 'http://loinc.org';
  return seen.every(isSnomed) ? 'http://snomed.info/sct' : undefined;
}

/** LOINC Users' Guide, "LOINC codes": a number, a hyphen and its mod 10 (Luhn) check digit. */
function isLoinc(text: string): boolean {
  const match = /^(\d{1,7})-(\d)$/.exec(text);
  if (!match) return false;
  const sum = [...match[1]!].reverse().reduce((total, digit, i) => {
    const value = Number(digit) * (i % 2 === 0 ? 2 : 1);
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return (10 - (sum % 10)) % 10 === Number(match[2]);
}

const product = [
  '0123456789',
  '1234067895',
  '2340178956',
  '3401289567',
  '4012395678',
  '5987604321',
  '6598710432',
  '7659821043',
  '8765932104',
  '9876543210',
];
const permutation = [
  '0123456789',
  '1576283094',
  '5803796142',
  '8916043527',
  '9453126870',
  '4286573901',
  '2793806415',
  '7046913258',
];

/** SNOMED CT Release File Specifications, 5.5: 6 to 18 digits, the partition of a concept, and a Verhoeff check digit. */
function isSnomed(text: string): boolean {
  if (!/^[1-9]\d{3,15}[01]0\d$/.test(text)) return false;
  return (
    [...text]
      .reverse()
      .reduce((check, digit, i) => Number(product[check]![Number(permutation[i % 8]![Number(digit)])]), 0) === 0
  );
}
