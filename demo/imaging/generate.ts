import { REFERENCE_DAY } from '../calendar.js';
import { Cohort } from '../cohort.js';
import type { Collections, ServerDocument } from '../load/mongodb.js';
import { objectId } from '../object-id.js';
import type { Random } from '../random.js';
import type { Commission } from '../server-source.js';
import { writtenDate } from '../written-date.js';

/** The images: a document for each, several for a patient, of people whom the registry knows by number; the image is a link. */
export function generate(commission: Commission): Collections {
  return {
    collections: [
      {
        name: 'Imaging_data',
        documents: images(commission),
        indexes: [{ key: { patient_id: 1 } }, { key: { creation_date: 1 } }],
      },
    ],
  };
}

const STREAM = { count: 101, image: 102 } as const;
const SALT = 0x1337_c0de;
const MOST_IMAGES = 3;
const DAY = 86_400_000;
const FIRST_IMAGE = REFERENCE_DAY - 1_095;
/** Images of numbers that the registry does not have. */
const ORPHANED = 0.05;
const TYPES = ['X-Ray', 'X-ray', 'MRI', 'CT Scan', 'Ultrasound', 'Mammogram', 'Photo'] as const;
const DESCRIPTIONS = [
  'Chest, two views',
  'Left knee: "no fracture"',
  'Brain without contrast',
  'Abdomen',
  '',
  null,
] as const;
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
/** One such link stopped its old system from taking over anything at all. */
const UNSAFE = [
  'http://10.0.0.5/images/1.png',
  'file:///C:/images/scan.jpg',
  'javascript:alert(1)',
  'https://pacs.local/study',
  'on CD in the archive',
  '',
  null,
] as const;

function* images({ seed, patients: all, served }: Commission): Generator<ServerDocument> {
  const cohort = new Cohort(seed, 'registry', all);
  for (let index = 0; index < cohort.size; index++) {
    const count = cohort.random(STREAM.count, index).integer(0, MOST_IMAGES);
    for (let i = 0; i < count; i++) {
      const number = index * MOST_IMAGES + i;
      const random = cohort.random(STREAM.image, number);
      const key = objectId(seed ^ SALT, number);
      const day = random.integer(FIRST_IMAGE, REFERENCE_DAY);
      const safe = !random.chance(0.08);
      const url = safe ? link(random) : random.pick(UNSAFE);
      served('ImagingStudy', key);
      if (url) served('DocumentReference', key);
      if (safe) served('Endpoint', key);
      yield {
        _id: key,
        image_id: `IMG${String(number + 1).padStart(6, '0')}`,
        patient_id: random.chance(ORPHANED) ? cohort.number(cohort.size + index) : cohort.number(index),
        imaging_type: random.chance(0.02) ? null : random.pick(TYPES),
        imaging_date: writtenDate(day, random),
        description: random.pick(DESCRIPTIONS),
        url,
        creation_date: new Date(day * DAY + random.integer(0, DAY - 1)),
      };
    }
  }
}

/** Mostly a page of a shared drive, whose file is behind another address; now and then the file itself. */
function link(random: Random): string {
  const file = Array.from({ length: 33 }, () => LETTERS[random.integer(0, LETTERS.length - 1)]).join('');
  return random.chance(0.1)
    ? `https://images.example.org/files/${file}.jpg`
    : `https://drive.google.com/file/d/${file}/view?usp=sharing`;
}
