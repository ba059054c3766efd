import { type Code, Raw } from '../code.js';
import type { Reading } from '../reading.js';
import { plain } from '../words.js';
import { codeOf } from './code-of.js';
import { period } from './period.js';
import type { Cook } from './recipe.js';

const statuses = {
  planned: 'planned',
  scheduled: 'planned',
  booked: 'planned',
  arrived: 'arrived',
  triaged: 'triaged',
  'in-progress': 'in-progress',
  active: 'in-progress',
  open: 'in-progress',
  ongoing: 'in-progress',
  admitted: 'in-progress',
  finished: 'finished',
  completed: 'finished',
  complete: 'finished',
  closed: 'finished',
  discharged: 'finished',
  cancelled: 'cancelled',
  canceled: 'cancelled',
} as const;

const classes = {
  inpatient: 'IMP',
  imp: 'IMP',
  ip: 'IMP',
  outpatient: 'AMB',
  ambulatory: 'AMB',
  amb: 'AMB',
  op: 'AMB',
  opd: 'AMB',
  emergency: 'EMER',
  er: 'EMER',
  ed: 'EMER',
  emer: 'EMER',
  home: 'HH',
  virtual: 'VR',
  telehealth: 'VR',
  telemedicine: 'VR',
} as const;

const actCode = 'http://terminology.hl7.org/CodeSystem/v3-ActCode';

export const encounter: Cook = (reading) => {
  const subject = reading.require(() => reading.reference('Patient'));
  if (subject === undefined) return 'no column of it names a patient';
  const because: Record<string, string> = {};
  const status = reading.require(() => reading.code('status encounterstatus visitstatus state', statuses, 'unknown'));
  if (status === undefined) {
    because.status = 'no column says whether a visit is over: the code for that is unknown';
    reading.decisions.push('status: does the table hold visits that are over? Then it is finished.');
  }
  const coded = reading.require(() => classOf(reading));
  const admission = isAdmission(reading.planned.table.name);
  if (coded === undefined && admission) because.class = 'an admission is the stay of an inpatient';
  else if (coded === undefined) {
    because.class = 'no column says it: the reason is given in place of a code';
    reading.decisions.push('class: are these inpatients (IMP), outpatients (AMB) or emergencies (EMER)?');
  }
  const type = codeOf(reading, 'code typecode visitcode', 'description type visittype encountertype');
  const reason = codeOf(reading, 'reasoncode', 'reason reasondescription chiefcomplaint complaint visitreason');
  return {
    ...(Object.keys(because).length > 0 && { because }),
    to: {
      resourceType: 'Encounter',
      status: status ?? 'unknown',
      class: coded ?? (admission ? inpatient : notSaid),
      type: type && [type],
      subject,
      period: period(reading),
      reasonCode: reason && [reason],
    },
  };
};

function isAdmission(name: string): boolean {
  return /admission|inpatient|hospitali[sz]ation/.test(plain(name));
}

const inpatient = { system: actCode, code: 'IMP', display: 'inpatient encounter' };
const notSaid = {
  extension: [{ url: 'http://hl7.org/fhir/StructureDefinition/data-absent-reason', valueCode: 'unknown' }],
};

/** A Coding of v3-ActCode where every text that was seen is a known word, otherwise of the source's own system (the binding is extensible). */
function classOf(reading: Reading): Code | undefined {
  const column = reading.find('class encounterclass encountertype visittype admissiontype patienttype visitclass type');
  const known = column && reading.known(column, classes);
  if (!column || !known || Object.keys(known.codes).length === 0) return undefined;
  if (known.others === 0) return { system: actCode, code: reading.coded(column, known) };
  reading.decisions.push(
    `class: ${known.others} of the texts of ${column.name} are no class for certain; all are served as the source's own codes.`,
  );
  reading.imports.add('ownCode');
  return { system: reading.system(column), code: reading.bind('col', column, 'A1', new Raw('ownCode')) };
}
