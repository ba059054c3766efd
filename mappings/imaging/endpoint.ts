import type { Endpoint } from '@medplum/fhirtypes';
import { binary, map } from 'healthsync/mapping';
import { local } from './codes.js';
import { images, isReachable } from './source.js';

/** Where an image can be had, which is no service of DICOM or of FHIR. */
export const endpoint = map<Endpoint>('Endpoint', {
  name: 'endpoint',
  id: images.id,
  exists: isReachable,
  undecodable: 'refuse',
  because: {
    status: 'an address in the current row is the one in use; a former one is overwritten',
    connectionType: 'an https address is downloaded from',
    payloadType: 'the row does not say in which format the image is',
  },
  to: {
    resourceType: 'Endpoint',
    status: 'active',
    connectionType: { system: local('connection'), code: 'https-download', display: 'Download by https' },
    name: images.text('image_id'),
    payloadType: [{ text: 'Image' }],
    address: binary(images.id, images.webAddress('url')),
  },
});
