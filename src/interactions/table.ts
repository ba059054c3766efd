import { capabilities } from './capabilities.js';
import type { Interaction } from './interaction.js';
import { read } from './read.js';
import { readBinary } from './read-binary.js';
import { searchType } from './search-type.js';

/** Every interaction this server has, in the order their routes are tried. */
export const interactions: readonly Interaction[] = [
  { name: 'capabilities', level: 'system', routes: [{ method: 'GET', path: '/metadata' }], run: capabilities },
  {
    name: 'search-type',
    level: 'type',
    routes: [
      { method: 'POST', path: '/:type/_search' },
      { method: 'GET', path: '/:type' },
    ],
    run: searchType,
  },
  {
    name: 'read-binary',
    code: 'read',
    level: 'instance',
    type: 'Binary',
    bytes: true,
    routes: [{ method: 'GET', path: '/Binary/:id' }],
    run: readBinary,
  },
  { name: 'read', level: 'instance', routes: [{ method: 'GET', path: '/:type/:id' }], run: read },
];
