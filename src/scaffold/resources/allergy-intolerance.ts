import { type Code, Raw } from '../code.js';
import type { Reading } from '../reading.js';
import { codeOf } from './code-of.js';
import { starts, stops } from './period.js';
import type { Cook } from './recipe.js';

const severities = { mild: 'mild', moderate: 'moderate', severe: 'severe' } as const;

export const allergyIntolerance: Cook = (reading) => {
  const patient = reading.require(() => reading.reference('Patient'));
  if (patient === undefined) return 'no column of it names a patient';
  const code = codeOf(
    reading,
    'allergycode allergencode substancecode snomedcode code',
    'description allergen allergenname substance allergy allergyname name display',
  );
  if (code === undefined) return 'no column of it names a substance';
  const manifestation = codeOf(reading, 'reactioncode', 'reaction manifestation reactiondescription');
  const severity = manifestation && reading.code('severity reactionseverity', severities);
  return {
    because: { clinicalStatus: 'the table lists the allergies that patients have' },
    to: {
      resourceType: 'AllergyIntolerance',
      clinicalStatus: clinicalStatus(reading),
      code,
      patient,
      encounter: reading.reference('Encounter'),
      recordedDate: reading.dateTime(
        `recordeddate recordedat noteddate noted onset onsetdate identifiedat identified ${starts}`,
      ),
      // R4 allergyintolerance.html: a reaction has a manifestation.
      reaction: manifestation && [{ manifestation: [manifestation], severity }],
    },
  };
};

const system = 'http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical';

/** R4 invariant ait-1 asks for it. What has ended is resolved. */
function clinicalStatus(reading: Reading): Code {
  const active = { system, code: 'active', display: 'Active' };
  const end = reading.find(stops);
  if (!end) {
    reading.decisions.push('clinicalStatus: may the table hold allergies that are resolved or refuted?');
    return { coding: [active] };
  }
  reading.imports.add('when').add('not');
  const ended = reading.condition('present', end);
  return {
    coding: [
      new Raw(`when(not(${ended.text}), { system: '${system}', code: 'active', display: 'Active' })`),
      new Raw(`when(${ended.text}, { system: '${system}', code: 'resolved', display: 'Resolved' })`),
    ],
  };
}
