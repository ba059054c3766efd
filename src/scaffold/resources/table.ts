import { allergyIntolerance } from './allergy-intolerance.js';
import { condition } from './condition.js';
import { encounter } from './encounter.js';
import { immunization } from './immunization.js';
import { medicationRequest, medicationStatement } from './medication.js';
import { observation } from './observation.js';
import { patient } from './patient.js';
import { procedure } from './procedure.js';
import type { Cooks } from './recipe.js';

/** Every resource that can be written from names and types alone. */
export const resources = {
  AllergyIntolerance: allergyIntolerance,
  Condition: condition,
  Encounter: encounter,
  Immunization: immunization,
  MedicationRequest: medicationRequest,
  MedicationStatement: medicationStatement,
  Observation: observation,
  Patient: patient,
  Procedure: procedure,
} satisfies Cooks;
