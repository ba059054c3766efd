import type { Interaction } from '../interactions/interaction.js';
import { interactions } from '../interactions/table.js';
import { validate } from './validate.js';

/** Every operation this server has. */
export const operations: readonly Interaction[] = [
  {
    name: 'validate',
    level: 'type',
    operation: 'http://hl7.org/fhir/OperationDefinition/Resource-validate',
    body: 'operation',
    routes: [
      { method: 'POST', path: '/:type/$validate' },
      { method: 'POST', path: '/:type/:id/$validate' },
    ],
    run: validate,
  },
];

/** Everything that can be asked, in the order its routes are tried: the name of an operation stands where an id may. */
export const everything: readonly Interaction[] = [...operations, ...interactions];
