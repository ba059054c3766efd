import { reference, table } from 'healthsync/mapping';
import { registryNumber } from './codes.js';

export const images = table('Imaging_data', {
  key: ['_id'],
  absent: ['N/A'],
  columns: {
    _id: 'text',
    image_id: 'text',
    patient_id: 'integer',
    imaging_type: 'text',
    imaging_date: 'text',
    description: 'text',
    url: 'text',
    creation_date: 'dateTime',
  },
});

/** Where this hospital keeps its images, beyond its own network. An address elsewhere may be anything. */
export const isReachable = images.startsWith('url', 'https://drive.google.com/', 'https://images.example.org/');

/** The registry's patients, whose numbers are kept beside the images. */
const registered = table('patient_registry', { key: ['id'], columns: { id: 'integer' } });

/** The patient by number: of each number all images, not the first alone. */
export const subject = {
  type: 'Patient' as const,
  reference: reference('Patient', registered.idIn('registry'), { rows: images, columns: ['patient_id'] }),
  identifier: { system: registryNumber, value: images.text('patient_id') },
};
