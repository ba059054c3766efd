import type { TypeCapability } from '../execution/engine.js';
import type { Interaction, Route } from '../interactions/interaction.js';
import { bytes, failures, notModified, success } from './answers.js';
import { common, conditional, header, query, refusals, working } from './asked.js';
import type { Components } from './components.js';
import type { JsonObject } from './json.js';
import { binarySchema, idSchema, resourceSchema, searchsetSchema, statementSchema } from './resource-schema.js';
import { searchQuery } from './search-query.js';
import { validateOperation } from './validate-operation.js';
import { writeOperations } from './write-operations.js';

export interface Setting {
  readonly types: ReadonlyMap<string, TypeCapability>;
  readonly maxCount: number;
  readonly components: Components;
}

/** One route of an interaction for one type, `''` at system level, as an operation: https://spec.openapis.org/oas/v3.1.1.html#operation-object. */
export type Describe = (type: string, route: Route, setting: Setting) => JsonObject;

/** How each interaction is asked and what it answers: whoever adds an interaction describes it here. */
export const operations: Readonly<Record<Interaction['name'], Describe>> = {
  capabilities: (_type, _route, { components, types }) => ({
    operationId: 'capabilities',
    summary: 'What this server does',
    parameters: [
      ...common(components),
      ...conditional(components),
      query(components, 'mode', { type: 'string', enum: ['full', 'normative'] }, 'Both are answered with the whole.'),
    ],
    responses: {
      200: success(components, 'The CapabilityStatement', statementSchema([...types.keys()], components), {
        ETag: 'always',
      }),
      304: notModified(components),
      ...failures(components, 'capabilities', [...refusals, 'unknown-parameter', 'busy', 'exception']),
    },
  }),

  read: (type, _route, { components }) => ({
    operationId: `read${type}`,
    summary: `The ${type} of an id, as it is now`,
    tags: [type],
    parameters: [
      {
        name: 'id',
        in: 'path',
        required: true,
        schema: components.refer('schemas', 'id', idSchema),
      },
      ...common(components),
      ...conditional(components),
      query(
        components,
        '_summary',
        { type: 'string', enum: ['true', 'text', 'data', 'false', ''] },
        'The part of the resource that is wanted.',
        'read_summary',
      ),
      query(
        components,
        '_elements',
        { type: 'string' },
        'Elements at its root, joined by commas; mandatory ones always come.',
        'read_elements',
      ),
    ],
    responses: readAnswers(type, components),
  }),

  'read-binary': (type, _route, { components }) => ({
    operationId: `read${type}`,
    summary: `The bytes of a ${type}, as they are where they lie`,
    description: 'FHIR JSON with the bytes in it, where that is asked for in so many words (Accept or _format).',
    tags: [type],
    parameters: [
      { name: 'id', in: 'path', required: true, schema: components.refer('schemas', 'id', idSchema) },
      ...common(components),
      header(components, 'If-None-Match', 'The ETag of the representation that the client has.'),
      header(components, 'Range', 'One range of bytes; anything else is answered with the whole.'),
      header(components, 'If-Range', 'The ETag of what the client has a part of.'),
    ],
    responses: {
      200: bytes(components, 'The whole', { ETag: 'sometimes', 'Content-Disposition': 'sometimes' }, [
        binarySchema(components),
      ]),
      206: bytes(components, 'The part that was asked for', {
        ETag: 'sometimes',
        'Content-Disposition': 'always',
        'Content-Range': 'always',
      }),
      304: notModified(components),
      ...failures(components, 'read-binary', [
        ...refusals,
        'unknown-parameter',
        'not-found',
        'too-costly',
        'unsatisfiable-range',
        ...working,
        'undecodable',
        'duplicate-key',
      ]),
    },
  }),

  'search-type': (type, { method }, setting) => {
    const { components, maxCount, types } = setting;
    const parameters = searchQuery(types.get(type)!, maxCount, components);
    return {
      operationId: method === 'GET' ? `search${type}` : `search${type}ByPost`,
      summary: `Search ${type}${method === 'GET' ? '' : ' by POST'}`,
      tags: [type],
      parameters: [
        ...common(components),
        ...(method === 'GET'
          ? parameters.map(({ name, schema, description, component }) =>
              query(components, name, schema, description, component, `${component}-${type}`),
            )
          : []),
      ],
      ...(method === 'POST' && {
        requestBody: {
          content: {
            'application/x-www-form-urlencoded': {
              schema: {
                type: 'object',
                properties: Object.fromEntries(parameters.map(({ name, schema }) => [name, schema])),
                additionalProperties: false,
              },
            },
          },
        },
      }),
      responses: {
        200: {
          ...success(components, `A page of ${type}`, searchsetSchema(type, components), {
            'Preference-Applied': 'sometimes',
          }),
          links: {
            match: { operationId: `read${type}`, parameters: { id: '$response.body#/entry/0/resource/id' } },
          },
        },
        ...failures(components, method === 'GET' ? 'search' : 'search-by-post', [
          ...refusals,
          'unknown-parameter',
          'invalid-modifier',
          'invalid-cursor',
          'expired-cursor',
          'too-large',
          ...(method === 'POST' ? (['invalid-body', 'unsupported-media-type'] as const) : []),
          'too-costly',
          ...working,
          'incomplete',
        ]),
      },
    };
  },

  vread: (type, _route, { components }) => ({
    operationId: `vread${type}`,
    summary: `A version of the ${type} of an id: the current one`,
    tags: [type],
    parameters: [
      { name: 'id', in: 'path', required: true, schema: components.refer('schemas', 'id', idSchema) },
      { name: 'version', in: 'path', required: true, schema: components.refer('schemas', 'id', idSchema) },
      ...common(components),
      ...conditional(components),
    ],
    responses: readAnswers(type, components),
  }),

  ...writeOperations,

  validate: validateOperation,
};

/** What the one resource of an id is answered with. */
function readAnswers(type: string, components: Components): JsonObject {
  return {
    200: success(components, `The ${type}`, resourceSchema(type, components), {
      ETag: 'always',
      'Last-Modified': 'sometimes',
      Warning: 'sometimes',
    }),
    304: notModified(components),
    ...failures(components, 'read', [
      ...refusals,
      'unknown-parameter',
      'not-found',
      ...working,
      'undecodable',
      'duplicate-key',
    ]),
  };
}
