import { fhirJson } from '../http/negotiate.js';
import type { Route } from '../interactions/interaction.js';
import { modes } from '../operations/validate-request.js';
import { ruleSystem } from '../validation/outcome.js';
import { issueTypes } from '../validation/validation-issue.js';
import { failures, success } from './answers.js';
import { common, query, refusals, working } from './asked.js';
import type { Components } from './components.js';
import type { JsonObject } from './json.js';
import { idSchema } from './resource-schema.js';

/** $validate: https://hl7.org/fhir/R4/resource-operation-validate.html */
export function validateOperation(
  type: string,
  { path }: Route,
  { components }: { readonly components: Components },
): JsonObject {
  const ofOne = path.includes(':id');
  return {
    operationId: ofOne ? `validate${type}OfId` : `validate${type}`,
    summary: ofOne ? `What is wrong with a ${type} of an id` : `What is wrong with a ${type}`,
    tags: [type],
    parameters: [
      ...(ofOne
        ? [{ name: 'id', in: 'path', required: true, schema: components.refer('schemas', 'id', idSchema) }]
        : []),
      ...common(components),
      query(
        components,
        'mode',
        { type: 'string', enum: ofOne ? [...modes] : ['create'] },
        'What it is validated for.',
        ofOne ? 'validate_mode_of_id' : 'validate_mode',
      ),
      query(components, 'profile', { type: 'string' }, 'Canonical URL of a profile.', 'validate_profile'),
    ],
    requestBody: {
      required: true,
      content: {
        [fhirJson]: {
          schema: components.refer('schemas', 'Validated', {
            description:
              'A resource of the type that the path says, whatever it is like, or Parameters that hold one as `resource`, beside `mode` and `profile`. The modes delete and profile need none, and profile takes none: the one of the path is meant.',
          }),
        },
      },
    },
    responses: {
      200: success(components, 'What is wrong, if anything', validationSchema(components), {}),
      ...failures(components, ofOne ? 'validate-of-id' : 'validate', [
        ...refusals,
        'unknown-parameter',
        ...(ofOne ? (['not-found'] as const) : []),
        'invalid-body',
        'too-large',
        'unsupported-media-type',
        ...working,
        'undecodable',
        'duplicate-key',
      ]),
    },
  };
}

/** As `validation/outcome.ts` writes it. */
function validationSchema(components: Components): JsonObject {
  return components.refer('schemas', 'ValidationOutcome', {
    type: 'object',
    properties: {
      resourceType: { const: 'OperationOutcome' },
      issue: {
        type: 'array',
        minItems: 1,
        items: {
          type: 'object',
          properties: {
            severity: { enum: ['error', 'warning', 'information'] },
            code: { enum: [...issueTypes, 'informational'].sort() },
            details: {
              type: 'object',
              properties: {
                coding: {
                  type: 'array',
                  minItems: 1,
                  items: {
                    type: 'object',
                    properties: { system: { const: ruleSystem }, code: { type: 'string' } },
                    required: ['system', 'code'],
                  },
                },
              },
              required: ['coding'],
            },
            diagnostics: { type: 'string' },
            expression: { type: 'array', minItems: 1, items: { type: 'string' } },
          },
          required: ['severity', 'code', 'diagnostics'],
        },
      },
    },
    required: ['resourceType', 'issue'],
  });
}
