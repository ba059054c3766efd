import { capabilities } from './capabilities.js';
import { create } from './create.js';
import { remove } from './delete.js';
import type { Interaction } from './interaction.js';
import { patch } from './patch.js';
import { read } from './read.js';
import { readBinary } from './read-binary.js';
import { searchType } from './search-type.js';
import { transaction } from './transaction.js';
import { update } from './update.js';
import { vread } from './vread.js';

/** Every interaction this server has, in the order their routes are tried. */
export const interactions: readonly Interaction[] = [
  { name: 'capabilities', level: 'system', routes: [{ method: 'GET', path: '/metadata' }], run: capabilities },
  {
    name: 'search-type',
    level: 'type',
    body: 'form',
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
  {
    name: 'vread',
    level: 'instance',
    offered: ({ versioned }) => versioned,
    routes: [{ method: 'GET', path: '/:type/:id/_history/:version' }],
    run: vread,
  },
  {
    name: 'create',
    level: 'type',
    body: 'resource',
    offered: ({ writes }) => writes.create,
    routes: [{ method: 'POST', path: '/:type' }],
    run: create,
  },
  {
    name: 'update',
    level: 'instance',
    body: 'resource',
    offered: ({ writes }) => writes.update || writes.updateCreates,
    routes: [
      { method: 'PUT', path: '/:type/:id' },
      { method: 'PUT', path: '/:type' },
    ],
    run: update,
  },
  {
    name: 'patch',
    level: 'instance',
    body: 'patch',
    offered: ({ writes }) => writes.update,
    routes: [
      { method: 'PATCH', path: '/:type/:id' },
      { method: 'PATCH', path: '/:type' },
    ],
    run: patch,
  },
  {
    name: 'delete',
    level: 'instance',
    offered: ({ writes }) => writes.delete,
    routes: [
      { method: 'DELETE', path: '/:type/:id' },
      { method: 'DELETE', path: '/:type' },
    ],
    run: remove,
  },
  { name: 'transaction', level: 'system', body: 'resource', routes: [{ method: 'POST', path: '/' }], run: transaction },
];
