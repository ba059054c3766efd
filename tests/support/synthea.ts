import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Bundle, Observation, Reference, Resource } from '@medplum/fhirtypes';
import { root } from './source-tree.js';

/** One run of Synthea, exported as CSV and as FHIR. */
const folder = join(root, '../shared/data/synthea-10');

export interface CsvTable {
  /** Of the file: `patients`. */
  readonly name: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** Every table of the run, as it stands. */
export function syntheaTables(): readonly CsvTable[] {
  if (!existsSync(folder)) throw new Error(`${folder} is not there: the data belong beside the repository.`);
  return readdirSync(join(folder, 'csv'))
    .sort()
    .map((file) => {
      const [columns = [], ...rows] = records(readFileSync(join(folder, 'csv', file), 'utf8'));
      return { name: file.replace('.csv', ''), columns, rows };
    });
}

/** RFC 4180. */
function records(text: string): readonly (readonly string[])[] {
  const all: string[][] = [[]];
  for (const [, quoted, plain = '', end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/g)) {
    if (quoted === undefined && plain === '' && end === '') break;
    all.at(-1)!.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    if (end !== ',') all.push([]);
  }
  return all.filter((record) => record.length > 0);
}

/** The types whose resources the CSV and the bundles must have in the same number for each patient. */
export const counted = [
  'Encounter',
  'Condition',
  'Procedure',
  'MedicationRequest',
  'Immunization',
  'AllergyIntolerance',
  'CarePlan',
] as const;

/** Patient id -> resource type -> how many the bundle of the patient has; an Observation counts once for each component. */
export function syntheaCounts(): Readonly<Record<string, Readonly<Record<string, number>>>> {
  const patients: Record<string, Record<string, number>> = {};
  for (const file of readdirSync(join(folder, 'fhir'))) {
    const { entry = [] } = JSON.parse(readFileSync(join(folder, 'fhir', file), 'utf8')) as Bundle;
    const patient = entry.find(({ resource }) => resource?.resourceType === 'Patient')?.resource;
    if (!patient) continue;
    const counts: Record<string, number> = Object.fromEntries([...counted, 'Observation'].map((type) => [type, 0]));
    for (const { resource } of entry) {
      const { resourceType: type } = resource!;
      if (type in counts)
        counts[type]! += type === 'Observation' ? ((resource as Observation).component?.length ?? 1) : 1;
    }
    patients[patient.id!] = counts;
  }
  return patients;
}

/** The same of resources that are served, whose patients' ids follow `prefix`. */
export function servedCounts(
  resources: readonly Resource[],
  prefix: string,
): Readonly<Record<string, Readonly<Record<string, number>>>> {
  const patients: Record<string, Record<string, number>> = {};
  for (const resource of resources) {
    const { subject, patient } = resource as { readonly subject?: Reference; readonly patient?: Reference };
    const id = (subject ?? patient)?.reference?.replace(prefix, '') ?? 'none';
    patients[id] ??= Object.fromEntries([...counted, 'Observation'].map((type) => [type, 0]));
    patients[id][resource.resourceType]! += 1;
  }
  return patients;
}
