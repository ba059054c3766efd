import type { DocumentReference } from '@medplum/fhirtypes';
import { binary, map, reference } from 'healthsync/mapping';
import { sid } from './codes.js';
import { images, subject } from './source.js';

/** The image as a document, to be had from here alone. An address that is none of the public web is reported. */
export const documentReference = map<DocumentReference>('DocumentReference', {
  name: 'document-reference',
  id: images.id,
  exists: images.present('url'),
  because: { status: 'an image in the current row is the one in use; a former one is overwritten' },
  to: {
    resourceType: 'DocumentReference',
    identifier: [{ system: sid('image-id'), value: images.text('image_id') }],
    status: 'current',
    type: { text: images.text('imaging_type') },
    subject,
    date: images.dateTime('creation_date'),
    description: images.text('description'),
    content: [{ attachment: { url: binary(images.id, images.webAddress('url')), title: images.text('image_id') } }],
    context: { related: [{ reference: reference('ImagingStudy', images.id) }] },
  },
});
