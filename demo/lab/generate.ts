import { REFERENCE_DAY } from '../calendar.js';
import { Cohort, nameOf } from '../cohort.js';
import type { Collections, ServerDocument } from '../load/mongodb.js';
import { objectId } from '../object-id.js';
import { familyName } from '../person.js';
import type { Random } from '../random.js';
import type { Commission } from '../server-source.js';
import { writtenDate } from '../written-date.js';

/**
 * The laboratory: a document for each report, several for a patient, of people whom the registry knows by number. Results are an
 * object, JSON text, or the text of a Python dict, as whoever wrote them had them; now and then none of these.
 */
export function generate(commission: Commission): Collections {
  return {
    collections: [
      {
        name: 'Lab_result',
        documents: reports(commission),
        indexes: [{ key: { record_id: 1 } }, { key: { creation_date: 1 } }],
      },
    ],
  };
}

const STREAM = { count: 81, report: 82 } as const;
const SALT = 0x1ab0_1ab0;
const MOST_REPORTS = 3;
const DAY = 86_400_000;
const FIRST_REPORT = REFERENCE_DAY - 730;
/** Reports of numbers that the registry does not have. */
const ORPHANED = 0.05;
/** Reports with a name that is not the one the registry has for the number, so that joining by both loses them. */
const MISNAMED = 0.1;
const LABS = ['City Diagnostics', 'Metro Lab', "St. Mary's Pathology", 'N/A'] as const;
const COMMENTS = ['Within normal limits', 'Repeat after fasting', 'Sample haemolysed; "repeat"', '', null] as const;

type Value = string | number | boolean | null;
type Results = Readonly<Record<string, Value>>;

const TESTS: readonly (readonly [name: string, results: (random: Random) => Results])[] = [
  [
    'Complete Blood Count',
    (random) => ({
      Hemoglobin: random.integer(90, 175) / 10,
      WBC: random.integer(30, 140) * 100,
      Platelets: random.integer(90, 420) * 1000,
      Morphology: random.pick(['Normocytic', "Target cells, some 'bite' cells", null]),
    }),
  ],
  ['Fasting Blood Sugar', (random) => ({ Glucose: random.integer(70, 260), Fasting: random.chance(0.9) })],
  [
    'Lipid Profile',
    (random) => ({ Cholesterol: random.integer(120, 320), HDL: random.integer(25, 80), Triglycerides: '150 mg/dL' }),
  ],
  ['Malaria Smear', (random) => ({ 'Plasmodium species': random.pick(['Not seen', 'P. vivax']) })],
];
const UNREADABLE = ['Sample lost', "{'Hemoglobin': 13.5, 'WBC':", '{"Glucose": pending}', 'see paper'] as const;

function* reports({ seed, patients: all, served }: Commission): Generator<ServerDocument> {
  const cohort = new Cohort(seed, 'registry', all);
  /** There are only so many names. */
  const doctors = new Set<string>();
  for (let index = 0; index < cohort.size; index++) {
    const count = cohort.random(STREAM.count, index).integer(0, MOST_REPORTS);
    for (let i = 0; i < count; i++) {
      const number = index * MOST_REPORTS + i;
      const random = cohort.random(STREAM.report, number);
      const key = objectId(seed ^ SALT, number);
      const day = random.integer(FIRST_REPORT, REFERENCE_DAY);
      const [test, resultsOf] = random.pick(TESTS);
      const results = random.chance(0.03) ? random.pick(UNREADABLE) : resultsOf(random);
      served('DiagnosticReport', key);
      if (typeof results === 'string') served('Observation', `${key}.0.text`);
      else for (const place of Object.keys(results).keys()) served('Observation', `${key}.${place}`);
      const name = nameOf(cohort.person(index));
      const report = {
        _id: key,
        record_id: random.chance(ORPHANED) ? cohort.number(cohort.size + index) : cohort.number(index),
        full_name: random.chance(MISNAMED) ? name.toUpperCase() : name,
        test_name: test,
        test_date: writtenDate(day, random),
        test_results: typeof results === 'string' ? results : stored(results, random),
        lab_name: random.pick(LABS),
        doctor_name: `Dr. ${familyName(random)}`,
        comments: random.pick(COMMENTS),
        creation_date: new Date(day * DAY + random.integer(0, DAY - 1)),
      };
      const doctor = report.doctor_name;
      if (!doctors.has(doctor)) served('Practitioner', { relation: 'doctors', key: [doctor] });
      doctors.add(doctor);
      yield report;
    }
  }
}

function stored(results: Results, random: Random): Results | string {
  return [() => results, () => JSON.stringify(results), () => pythonLiteral(results)][random.integer(0, 2)]!();
}

/** `repr` of a Python dict of such values. */
function pythonLiteral(results: Results): string {
  return `{${Object.entries(results)
    .map(([name, value]) => `${repr(name)}: ${repr(value)}`)
    .join(', ')}}`;
}

function repr(value: Value): string {
  if (value === null) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'number') return String(value);
  const quote = value.includes("'") && !value.includes('"') ? '"' : "'";
  const escaped = value.replaceAll('\\', '\\\\').replaceAll(quote, `\\${quote}`);
  return `${quote}${escaped}${quote}`;
}
