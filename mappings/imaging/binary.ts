import type { Binary } from '@medplum/fhirtypes';
import { map, reference } from 'healthsync/mapping';
import { images } from './source.js';

/** The image itself, fetched when it is asked for. A link of the shared drive leads to a page; its file has an address of its own. */
export const binary = map<Binary>('Binary', {
  name: 'binary',
  id: images.id,
  undecodable: 'refuse',
  because: { contentType: 'what kind of file it is, is known when it is fetched, and said then' },
  content: {
    address: images.webAddress('url'),
    files: { 'https://drive.google.com/file/d/{}/': 'https://drive.google.com/uc?export=download&id={}' },
  },
  to: {
    resourceType: 'Binary',
    contentType: 'application/octet-stream',
    securityContext: { reference: reference('DocumentReference', images.id) },
  },
});
