import type { SurveyedTable } from './survey.js';
import { words } from './words.js';

/** What a table's rows are, by its name. */
export type Kind =
  | 'AllergyIntolerance'
  | 'Condition'
  | 'Encounter'
  | 'Immunization'
  | 'MedicationRequest'
  | 'MedicationStatement'
  | 'Observation'
  | 'Patient'
  | 'Procedure';

/** Nouns, singular; a table is what its last noun says (`patient_visits` are visits). */
const nouns: Readonly<Record<Kind, readonly string[]>> = {
  Patient: ['patient', 'person', 'client', 'demographic', 'pt'],
  Encounter: ['encounter', 'visit', 'admission', 'stay', 'hospitalization', 'hospitalisation'],
  Condition: ['condition', 'diagnosis', 'diagnose', 'problem', 'dx', 'disease'],
  Observation: ['observation', 'lab', 'laboratory', 'vital', 'measurement', 'test', 'labtest', 'labresult', 'finding'],
  MedicationRequest: ['prescription', 'medicationrequest', 'medicationorder', 'rx'],
  MedicationStatement: ['medication', 'med', 'drug', 'medicine'],
  Immunization: ['immunization', 'immunisation', 'vaccination', 'vaccine', 'shot'],
  AllergyIntolerance: ['allergy', 'allergie', 'intolerance', 'allergyintolerance'],
  Procedure: ['procedure', 'surgery', 'operation', 'intervention'],
};

const kinds = new Map(Object.entries(nouns).flatMap(([kind, all]) => all.map((noun) => [noun, kind as Kind] as const)));

/** Words that say nothing of what a row is. */
const noise = new Set(
  'tbl table t data dat master mst registry register record info information detail list entry row result fact dim src hospital clinic his ehr emr'.split(
    ' ',
  ),
);

export function kindOf({ name, unwind }: Pick<SurveyedTable, 'name' | 'unwind'>): Kind | undefined {
  const own = words(unwind?.split('.').at(-1) ?? name).filter((word) => !noise.has(word));
  const last = own.at(-1);
  if (last === 'order' && own.length > 1) return asOrder(own.at(-2)!);
  const found = last === undefined ? undefined : kinds.get(last);
  return found ?? kinds.get(own.join(''));
}

/** An order of a medication is a request; of anything else it is no result. */
function asOrder(what: string): Kind | undefined {
  return kinds.get(what) === 'MedicationStatement' ? 'MedicationRequest' : undefined;
}

/** Nouns by which columns of other tables name a row of these kinds. */
export const rowNouns = {
  Patient: ['patient', 'pat', 'pt', 'subject', 'person', 'client', 'mrn'],
  Encounter: ['encounter', 'enc', 'visit', 'admission', 'adm', 'stay', 'hadm'],
} as const satisfies Partial<Record<Kind, readonly string[]>>;

const ends = ['', 'id', 'no', 'nr', 'num', 'number', 'key', 'fk', 'uuid', 'guid', 'ref', 'code', 'identifier'];

/** How good a name a column has for a row of a kind: 0 is the best; undefined: it names none. */
export function namesRowOf(kind: keyof typeof rowNouns, column: string): number | undefined {
  const name = words(column).join('');
  const found = rowNouns[kind].findIndex((noun) => name.startsWith(noun) && ends.includes(name.slice(noun.length)));
  return found < 0 ? undefined : found;
}
