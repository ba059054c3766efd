import type { Random } from './random.js';

/** Words that all four hospitals use. `treating` is the fifth severity that no list admits to. */
export const SEVERITIES = ['Mild', 'Moderate', 'Severe', 'Critical', 'treating'] as const;
/** The state of an encounter and the state of a patient in one column. */
export const PATIENT_STATUSES = [
  'Admitted',
  'Discharged',
  'Under Treatment',
  'Recovered',
  'Critical',
  'Outpatient',
  'Observation',
] as const;
export const BED_TYPES = ['General', 'ICU', 'Severe Ward'] as const;
export const WORK_SHIFTS = ['Morning', 'Evening', 'Night'] as const;
export const INSURANCE_CLAIMED = ['Yes', 'No'] as const;

const HISTORIES = ['Diabetes', 'Hypertension', 'Asthma', 'Diabetes, Hypertension', 'Hypothyroidism; on "thyroxine"'];

/** What is known of a patient's past: a text, the text None (asked, nothing known) or null (not asked). */
export function medicalHistory(random: Random): string | null {
  if (random.chance(0.3)) return 'None';
  if (random.chance(0.08)) return null;
  return random.chance(0.02) ? '' : random.pick(HISTORIES);
}

/** The department a patient came to and the one they are in; drawn apart, so that most have moved. */
export function departments(random: Random, choices: readonly string[]): [admitted: string, current: string | null] {
  return [random.pick(choices), random.chance(0.01) ? null : random.pick(choices)];
}
