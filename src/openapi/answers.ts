import type { FaultCode } from '../errors/fault.js';
import { faultSystem, issueTypes, sourceSystem } from '../errors/outcome.js';
import { fhirJson } from '../http/negotiate.js';
import { retryAfter, statuses } from '../http/status.js';
import type { Components } from './components.js';
import type { Json, JsonObject } from './json.js';

/** The headers of every answer of the application (`http/write-response.ts`). */
const always = {
  'X-Request-Id': { type: 'string', pattern: '^[A-Za-z0-9._-]{1,64}$' },
  'Cache-Control': { type: 'string', const: 'no-store' },
  'Content-Security-Policy': { type: 'string' },
  'Cross-Origin-Resource-Policy': { type: 'string', const: 'same-origin' },
  'X-Content-Type-Options': { type: 'string', const: 'nosniff' },
} as const satisfies Record<string, JsonObject>;

const some = {
  ETag: ['The version of the representation.', { type: 'string', pattern: '^W/"[A-Za-z0-9.-]{1,64}"$' }],
  'Last-Modified': ['When the resource last changed, as its source tells.', { type: 'string' }],
  'Preference-Applied': [
    'The Prefer that was followed.',
    {
      type: 'string',
      enum: [
        'handling=strict',
        'handling=lenient',
        'return=minimal',
        'return=representation',
        'return=OperationOutcome',
      ],
    },
  ],
  Location: ['Where it is, and in which version.', { type: 'string', pattern: '/[A-Z][A-Za-z]+/[A-Za-z0-9.-]{1,64}' }],
  Warning: ['What could not be said in the resource itself.', { type: 'string', pattern: '^199 healthsync "' }],
  'Retry-After': [
    'Seconds after which it is worth asking again.',
    { type: 'integer', enum: [...new Set(Object.values(retryAfter))].sort((a, b) => a - b) },
  ],
} as const satisfies Record<string, readonly [description: string, schema: JsonObject]>;

/** What bytes that are no FHIR come with (`http/write-content.ts`). */
const someOfBytes = {
  ETag: ['The version of the bytes, where it is known.', { type: 'string', pattern: '^"[0-9a-f]{20}(-json)?"$' }],
  'Content-Disposition': [
    'The name of a file.',
    { type: 'string', pattern: '^attachment; filename="[A-Za-z0-9.-]{1,64}"$' },
  ],
  'Content-Range': ['Which part it is.', { type: 'string', pattern: '^bytes [0-9]+-[0-9]+/[0-9]+$' }],
} as const satisfies Record<string, readonly [description: string, schema: JsonObject]>;

type Some = keyof typeof some;

/** A success with a resource. */
export function success(
  components: Components,
  description: string,
  schema: JsonObject,
  headers: Readonly<Partial<Record<Some, 'always' | 'sometimes'>>>,
): JsonObject {
  return { description, headers: headersOf(components, headers), content: { [fhirJson]: { schema } } };
}

/** A success with bytes of any type; `fhir`: the schemas of a resource that may hold them instead. */
export function bytes(
  components: Components,
  description: string,
  headers: Readonly<Partial<Record<keyof typeof someOfBytes, 'always' | 'sometimes'>>>,
  fhir: readonly JsonObject[] = [],
): JsonObject {
  const named = Object.entries(headers).map(([name, often]): [string, Json] => {
    const [about, schema] = someOfBytes[name as keyof typeof someOfBytes];
    const component = `${name}-of-bytes${often === 'always' ? '' : '-sometimes'}`;
    const required = often === 'always';
    return [name, components.refer('headers', component, { description: about, required, schema })];
  });
  return {
    description,
    headers: { ...headersOf(components, {}), ...Object.fromEntries(named) },
    content: {
      '*/*': {},
      ...Object.fromEntries(fhir.map((schema): [string, Json] => [fhirJson, { schema }])),
    },
  };
}

/** The answer to a client that has the representation already. */
export function notModified(components: Components): JsonObject {
  return components.refer('responses', 'not-modified', {
    description: 'The client has it already.',
    headers: headersOf(components, { ETag: 'always', 'Last-Modified': 'sometimes', Warning: 'sometimes' }),
  });
}

/** The answers by status with which these failures are told; `of`: the kind of operation that may fail so. */
export function failures(components: Components, of: string, codes: readonly FaultCode[]): JsonObject {
  const byStatus = new Map<number, FaultCode[]>();
  for (const code of codes) byStatus.set(statuses[code], [...(byStatus.get(statuses[code]) ?? []), code]);
  return Object.fromEntries(
    [...byStatus]
      .sort(([a], [b]) => a - b)
      .map(([status, codes]): [string, Json] => [
        String(status),
        components.refer('responses', `${of}-${status}`, {
          description: `Failed: ${codes.join(', ')}`,
          headers: headersOf(
            components,
            codes.some((code) => code in retryAfter) ? { 'Retry-After': 'sometimes' } : {},
          ),
          content: { [fhirJson]: { schema: failureSchema(components, codes) } },
        }),
      ]),
  );
}

/** An OperationOutcome whose errors are of these failures. */
function failureSchema(components: Components, codes: readonly FaultCode[]): JsonObject {
  const one = codes.map((code) => ({
    properties: {
      severity: { const: 'error' },
      code: { const: issueTypes[code] },
      details: {
        properties: { coding: { contains: { properties: { system: { const: faultSystem }, code: { const: code } } } } },
      },
    },
  }));
  return {
    allOf: [outcomeSchema(components), { properties: { issue: { items: { anyOf: one } } } }],
  };
}

/** https://hl7.org/fhir/R4/operationoutcome.html, as `errors/outcome.ts` writes it. */
export function outcomeSchema(components: Components): JsonObject {
  return components.refer('schemas', 'OperationOutcome', {
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
            code: { enum: [...new Set(Object.values(issueTypes))].sort() },
            details: {
              type: 'object',
              properties: {
                coding: {
                  type: 'array',
                  minItems: 1,
                  items: {
                    type: 'object',
                    properties: { system: { enum: [faultSystem, sourceSystem] }, code: { type: 'string' } },
                    required: ['system', 'code'],
                  },
                },
              },
              required: ['coding'],
            },
            diagnostics: { type: 'string' },
            expression: { type: 'array', items: { type: 'string' } },
          },
          required: ['severity', 'code', 'details', 'diagnostics'],
          additionalProperties: false,
        },
      },
    },
    required: ['resourceType', 'issue'],
    additionalProperties: false,
  });
}

function headersOf(components: Components, more: Readonly<Partial<Record<Some, 'always' | 'sometimes'>>>): JsonObject {
  return {
    ...Object.fromEntries(
      Object.entries(always).map(([name, schema]) => [
        name,
        components.refer('headers', name, { required: true, schema }),
      ]),
    ),
    ...Object.fromEntries(
      Object.entries(more).map(([name, often]) => {
        const [description, schema] = some[name as Some];
        const component = often === 'always' ? name : `${name}-sometimes`;
        return [name, components.refer('headers', component, { description, required: often === 'always', schema })];
      }),
    ),
  };
}
