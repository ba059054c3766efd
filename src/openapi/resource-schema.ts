import { outcomeSchema } from './answers.js';
import type { Components } from './components.js';
import type { JsonObject } from './json.js';

/** R4 datatypes.html#id */
export const idSchema = { type: 'string', pattern: '^[A-Za-z0-9\\-.]{1,64}$' } as const;

/** What every resource of the type has; what else it holds is R4's, and not said again. */
export function resourceSchema(type: string, components: Components): JsonObject {
  const id = components.refer('schemas', 'id', idSchema);
  const meta = components.refer('schemas', 'Meta', {
    type: 'object',
    properties: {
      versionId: id,
      lastUpdated: { type: 'string', format: 'date-time' },
      source: { type: 'string', pattern: '^urn:healthsync:' },
    },
  });
  return components.refer('schemas', type, {
    description: `https://hl7.org/fhir/R4/${type.toLowerCase()}.html`,
    type: 'object',
    properties: { resourceType: { const: type }, id, meta },
    required: ['resourceType', 'id', 'meta'],
  });
}

/** https://hl7.org/fhir/R4/binary.html, with its bytes in base64. */
export function binarySchema(components: Components): JsonObject {
  return {
    allOf: [
      resourceSchema('Binary', components),
      {
        properties: { contentType: { type: 'string' }, data: { type: 'string', contentEncoding: 'base64' } },
        required: ['contentType', 'data'],
      },
    ],
  };
}

/** A page of matches of the type: https://hl7.org/fhir/R4/bundle.html#searchset, as `bundle/searchset.ts` writes it. */
export function searchsetSchema(type: string, components: Components): JsonObject {
  const page = components.refer('schemas', 'Searchset', {
    type: 'object',
    properties: {
      resourceType: { const: 'Bundle' },
      type: { const: 'searchset' },
      total: { type: 'integer', minimum: 0 },
      link: {
        type: 'array',
        items: {
          type: 'object',
          properties: {
            relation: { enum: ['self', 'first', 'next'] },
            url: { type: 'string', format: 'uri-reference' },
          },
          required: ['relation', 'url'],
          additionalProperties: false,
        },
        contains: { properties: { relation: { const: 'self' } } },
      },
      entry: {
        type: 'array',
        minItems: 1,
        items: {
          type: 'object',
          properties: {
            fullUrl: { type: 'string', format: 'uri-reference' },
            resource: { type: 'object', properties: { resourceType: { type: 'string' } }, required: ['resourceType'] },
            search: {
              type: 'object',
              properties: { mode: { enum: ['match', 'include', 'outcome'] } },
              required: ['mode'],
              additionalProperties: false,
            },
          },
          required: ['fullUrl', 'resource', 'search'],
          additionalProperties: false,
          if: { properties: { search: { properties: { mode: { const: 'outcome' } } } } },
          // biome-ignore lint/suspicious/noThenProperty: the keyword of JSON Schema, in a document that nobody awaits
          then: { properties: { resource: outcomeSchema(components) } },
        },
      },
    },
    required: ['resourceType', 'type', 'link'],
    additionalProperties: false,
  });
  return components.refer('schemas', `${type}Searchset`, {
    allOf: [
      page,
      {
        properties: {
          entry: {
            items: {
              if: { properties: { search: { properties: { mode: { const: 'match' } } } } },
              // biome-ignore lint/suspicious/noThenProperty: the keyword of JSON Schema, in a document that nobody awaits
              then: { properties: { resource: resourceSchema(type, components) } },
            },
          },
        },
      },
    ],
  });
}

/** https://hl7.org/fhir/R4/capabilitystatement.html */
export function statementSchema(types: readonly string[], components: Components): JsonObject {
  return components.refer('schemas', 'CapabilityStatement', {
    type: 'object',
    properties: {
      resourceType: { const: 'CapabilityStatement' },
      status: { const: 'active' },
      date: { type: 'string', format: 'date-time' },
      kind: { const: 'instance' },
      fhirVersion: { const: '4.0.1' },
      format: { type: 'array', items: { type: 'string' } },
      rest: {
        type: 'array',
        minItems: 1,
        maxItems: 1,
        items: {
          type: 'object',
          properties: {
            mode: { const: 'server' },
            resource: {
              type: 'array',
              items: {
                type: 'object',
                properties: { type: { enum: types } },
                required: ['type', 'interaction'],
              },
            },
          },
          required: ['mode', 'resource'],
        },
      },
    },
    required: ['resourceType', 'status', 'date', 'kind', 'fhirVersion', 'format', 'rest'],
  });
}
