import type { ImagingStudy } from '@medplum/fhirtypes';
import { and, map, not, ownCode, reference, when } from 'healthsync/mapping';
import { DICOM, local, sid } from './codes.js';
import { images, isReachable, subject } from './source.js';

/** Kinds of image -> modalities of DICOM, where the word means one; an X-ray may be of several. */
const modality = { codes: { MRI: 'MR', 'CT Scan': 'CT', Ultrasound: 'US', Mammogram: 'MG' } } as const;
const hasModality = images.oneOf('imaging_type', ...Object.keys(modality.codes));

const type = { system: local('type'), code: images.col('imaging_type', ownCode) };
const uid = images.text('image_id');

export const imagingStudy = map<ImagingStudy>('ImagingStudy', {
  name: 'imaging-study',
  id: images.id,
  because: {
    status: 'a row is written when there is an image',
    'series.uid': 'the image has no UID of DICOM: its number in the imaging system stands for it',
  },
  to: {
    resourceType: 'ImagingStudy',
    identifier: [{ system: sid('image-id'), value: images.text('image_id') }],
    status: 'available',
    modality: [when(hasModality, { system: DICOM, code: images.code('imaging_type', modality) }), type],
    subject,
    started: images.writtenDate('imaging_date', 'day-first'),
    series: [
      when(hasModality, { uid, modality: { system: DICOM, code: images.code('imaging_type', modality) } }),
      when(and(images.present('imaging_type'), not(hasModality)), { uid, modality: type }),
    ],
    endpoint: [when(isReachable, { reference: reference('Endpoint', images.id) })],
    description: images.text('description'),
  },
});
