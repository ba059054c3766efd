import { type FaultCode, sourceFaultCodes } from '../errors/fault.js';
import type { TypeCapability } from '../execution/engine.js';
import type { Interaction, Route } from '../interactions/interaction.js';
import { bytes, failures, notModified, success } from './answers.js';
import type { Components } from './components.js';
import type { JsonObject } from './json.js';
import { binarySchema, idSchema, resourceSchema, searchsetSchema, statementSchema } from './resource-schema.js';
import { searchQuery } from './search-query.js';

export interface Setting {
  readonly types: ReadonlyMap<string, TypeCapability>;
  readonly maxCount: number;
  readonly components: Components;
}

/** One route of an interaction for one type, `''` at system level, as an operation: https://spec.openapis.org/oas/v3.1.1.html#operation-object. */
export type Describe = (type: string, method: Route['method'], setting: Setting) => JsonObject;

/** How each interaction is asked and what it answers: whoever adds an interaction describes it here. */
export const operations: Readonly<Record<Interaction['name'], Describe>> = {
  capabilities: (_type, _method, { components, types }) => ({
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

  read: (type, _method, { components }) => ({
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
    responses: {
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
    },
  }),

  'read-binary': (type, _method, { components }) => ({
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

  'search-type': (type, method, setting) => {
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
};

/** What any request may be refused for. */
const refusals: readonly FaultCode[] = ['invalid-value', 'forbidden', 'not-acceptable', 'url-too-long'];

/** What may go wrong wherever sources are asked. */
const working: readonly FaultCode[] = ['busy', ...sourceFaultCodes, 'cancelled', 'exception'];

function common(components: Components): readonly JsonObject[] {
  return [
    query(
      components,
      '_format',
      { type: 'string', enum: ['json', 'application/fhir+json', 'application/json', 'text/json', ''] },
      'Decides over Accept; only JSON is written.',
    ),
    query(components, '_pretty', { type: 'string', enum: ['true', 'false', ''] }, 'Whether the JSON is indented.'),
    header(
      components,
      'Prefer',
      '"handling=lenient" passes over unknown parameters; "handling=strict" refuses partial answers.',
    ),
    header(components, 'X-Request-Id', 'Comes back where it has at most 64 of A-Z a-z 0-9 . _ -'),
  ];
}

function conditional(components: Components): readonly JsonObject[] {
  return [
    header(components, 'If-None-Match', 'The ETag of the representation that the client has.'),
    header(components, 'If-Modified-Since', 'The Last-Modified of the representation that the client has.'),
  ];
}

function query(
  components: Components,
  name: string,
  schema: JsonObject,
  description: string,
  component = name,
  or?: string,
): JsonObject {
  return components.refer('parameters', component, { name, in: 'query', description, schema }, or);
}

function header(components: Components, name: string, description: string): JsonObject {
  return components.refer('parameters', name, { name, in: 'header', description, schema: { type: 'string' } });
}
