import type { FaultCode } from '../errors/fault.js';
import { fhirJson } from '../http/negotiate.js';
import type { Interaction, Route } from '../interactions/interaction.js';
import { failures, outcomeSchema, success } from './answers.js';
import { common, header, refusals, working } from './asked.js';
import type { Components } from './components.js';
import type { JsonObject } from './json.js';
import { idSchema, resourceSchema } from './resource-schema.js';

interface Setting {
  readonly components: Components;
}

type Describe = (type: string, route: Route, setting: Setting) => JsonObject;

/** How resources are created, changed and deleted: https://hl7.org/fhir/R4/http.html#create and what follows it. */
export const writeOperations = {
  create: (type, _route, { components }) => ({
    operationId: `create${type}`,
    summary: `Create a ${type}`,
    tags: [type],
    parameters: [
      ...common(components),
      header(components, 'If-None-Exist', 'Search criteria: it is created when nothing meets them.'),
    ],
    requestBody: resourceBody(components),
    responses: {
      200: content(components, type, 'Something meets the criteria of If-None-Exist: nothing was written'),
      201: created(components, type),
      204: nothing(components, 'Something meets the criteria, and nothing of it is wanted'),
      ...failures(components, 'create', [...refusals, ...sent, ...criteria, ...written, ...working, 'incomplete']),
    },
  }),

  update: (type, { path }, { components }) => ({
    operationId: path.endsWith(':id') ? `update${type}` : `update${type}ByCriteria`,
    summary: path.endsWith(':id')
      ? `Update the ${type} of an id`
      : `Update the one ${type} that meets criteria, or create it`,
    tags: [type],
    parameters: [
      ...ofId(path, components),
      ...common(components),
      header(components, 'If-Match', 'The version that it must have.'),
      header(components, 'If-None-Match', '"*": it must not be there yet.', 'If-None-Match_of_update'),
    ],
    requestBody: resourceBody(components),
    responses: {
      200: content(components, type, 'It was updated, or was so already'),
      201: created(components, type),
      204: nothing(components, 'It was updated, and nothing of it is wanted'),
      ...failures(components, 'update', [
        ...refusals,
        ...sent,
        ...criteria,
        'not-found',
        ...written,
        ...working,
        'incomplete',
      ]),
    },
  }),

  patch: (type, { path }, { components }) => ({
    operationId: path.endsWith(':id') ? `patch${type}` : `patch${type}ByCriteria`,
    summary: path.endsWith(':id') ? `Patch the ${type} of an id` : `Patch the one ${type} that meets criteria`,
    tags: [type],
    parameters: [
      ...ofId(path, components),
      ...common(components),
      header(components, 'If-Match', 'The version that it must have.'),
    ],
    requestBody: {
      required: true,
      content: {
        'application/json-patch+json': { schema: { type: 'array', items: { type: 'object' } } },
        [fhirJson]: {
          schema: { type: 'object', properties: { resourceType: { const: 'Parameters' } }, required: ['resourceType'] },
        },
      },
    },
    responses: {
      200: content(components, type, 'It was patched, or was so already'),
      204: nothing(components, 'It was patched, and nothing of it is wanted'),
      ...failures(components, 'patch', [
        ...refusals,
        ...sent,
        ...criteria,
        'not-found',
        'too-costly',
        ...written,
        ...working,
        'incomplete',
      ]),
    },
  }),

  delete: (type, { path }, { components }) => ({
    operationId: path.endsWith(':id') ? `delete${type}` : `delete${type}ByCriteria`,
    summary: path.endsWith(':id') ? `Delete the ${type} of an id` : `Delete the one ${type} that meets criteria`,
    tags: [type],
    parameters: [
      ...ofId(path, components),
      ...common(components),
      header(components, 'If-Match', 'The version that it must have.'),
    ],
    responses: {
      200: success(components, 'It is not there any more', outcomeSchema(components), {
        'Preference-Applied': 'sometimes',
      }),
      204: nothing(components, 'It is not there any more'),
      ...failures(components, 'delete', [...refusals, ...criteria, 'referenced', ...written, ...working, 'incomplete']),
    },
  }),

  transaction: (_type, _route, { components }) => ({
    operationId: 'transaction',
    summary: 'Carry out the requests of a batch, or all or none of a transaction',
    parameters: [...common(components)],
    requestBody: {
      required: true,
      content: {
        [fhirJson]: {
          schema: components.refer('schemas', 'RequestBundle', {
            type: 'object',
            properties: {
              resourceType: { const: 'Bundle' },
              type: { enum: ['batch', 'transaction'] },
              // What is wrong with one entry of a batch is said in the answer to it.
              entry: { type: 'array' },
            },
            required: ['resourceType', 'type'],
          }),
        },
      },
    },
    responses: {
      200: success(
        components,
        'What became of each request, in their order',
        components.refer('schemas', 'ResponseBundle', {
          type: 'object',
          properties: {
            resourceType: { const: 'Bundle' },
            type: { enum: ['batch-response', 'transaction-response'] },
            entry: { type: 'array', items: { type: 'object', required: ['response'] } },
          },
          required: ['resourceType', 'type'],
        }),
        {},
      ),
      ...failures(components, 'transaction', [
        ...refusals,
        ...sent,
        ...criteria,
        'unknown-type',
        'unknown-path',
        'not-found',
        'referenced',
        'too-costly',
        ...written,
        ...working,
        'incomplete',
      ]),
    },
  }),
} satisfies Partial<Record<Interaction['name'], Describe>>;

/** What may be wrong with what is sent. */
const sent: readonly FaultCode[] = ['invalid-body', 'too-large', 'unsupported-media-type', 'invalid-resource'];

/** What may be wrong with the criteria of a conditional interaction. */
const criteria: readonly FaultCode[] = ['unknown-parameter', 'invalid-modifier', 'multiple-matches'];

/** What a source may refuse. */
const written: readonly FaultCode[] = [
  'read-only',
  'unprocessable',
  'not-writable',
  'constraint',
  'duplicate',
  'conflict',
  'precondition',
  'in-doubt',
  'undecodable',
  'duplicate-key',
];

function ofId(path: string, components: Components): readonly JsonObject[] {
  return path.endsWith(':id')
    ? [{ name: 'id', in: 'path', required: true, schema: components.refer('schemas', 'id', idSchema) }]
    : [];
}

function resourceBody(components: Components): JsonObject {
  return {
    required: true,
    content: {
      [fhirJson]: {
        schema: components.refer('schemas', 'SentResource', {
          description: 'A resource of the type that the path says.',
          type: 'object',
          properties: { resourceType: { type: 'string' }, id: idSchema },
          required: ['resourceType'],
        }),
      },
    },
  };
}

function content(components: Components, type: string, description: string): JsonObject {
  const either = { anyOf: [resourceSchema(type, components), outcomeSchema(components)] };
  return success(components, description, either, {
    ETag: 'sometimes',
    'Last-Modified': 'sometimes',
    'Preference-Applied': 'sometimes',
    Location: 'sometimes',
  });
}

function created(components: Components, type: string): JsonObject {
  const either = { anyOf: [resourceSchema(type, components), outcomeSchema(components)] };
  return success(components, 'It was created', either, {
    ETag: 'sometimes',
    'Last-Modified': 'sometimes',
    'Preference-Applied': 'sometimes',
    Location: 'always',
  });
}

function nothing(components: Components, description: string): JsonObject {
  return withoutContent(success(components, description, {}, { 'Preference-Applied': 'sometimes' }));
}

function withoutContent({ content: _, ...rest }: JsonObject): JsonObject {
  return rest;
}
