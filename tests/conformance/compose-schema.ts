/** What docker-compose.yml must be: the part of the Compose specification that it uses, and the rules of this project. */
const text = { type: 'string', minLength: 1 };
const texts = { type: 'array', items: text, minItems: 1 };
const duration = { type: 'string', pattern: '^[1-9]\\d*(ms|s|m)$' };

const closed = (properties: Record<string, unknown>, required: readonly string[] = []) => ({
  type: 'object',
  additionalProperties: false,
  required,
  properties,
});

const healthcheck = closed(
  {
    test: {
      type: 'array',
      minItems: 2,
      items: [{ enum: ['CMD', 'CMD-SHELL'] }],
      additionalItems: text,
    },
    interval: duration,
    timeout: duration,
    retries: { type: 'integer', minimum: 1 },
    start_period: duration,
  },
  ['test', 'interval', 'timeout', 'retries', 'start_period'],
);

/** What a name says is a secret takes its value from `.env`, and says so when it is not there; so does a user info of a URL. */
const environment = {
  type: 'object',
  additionalProperties: { type: 'string', not: { pattern: '^[a-z+]+://[^:/@]*:(?!\\$\\{[A-Z0-9_]+:\\?)[^/@]*@' } },
  patternProperties: {
    '(?<!RANDOM_ROOT_)(PASSWORD|SECRET|TOKEN|KEY)$': { type: 'string', pattern: '^\\$\\{[A-Z0-9_]+:\\?[^}]+\\}$' },
    _AUTH$: { type: 'string', pattern: '^[a-z0-9]+/\\$\\{[A-Z0-9_]+:\\?[^}]+\\}$' },
  },
};

const service = {
  ...closed({
    image: { type: 'string', pattern: '^[a-z0-9]+(:[a-z0-9.-]+)?$' },
    build: text,
    entrypoint: texts,
    environment,
    ports: {
      type: 'array',
      minItems: 1,
      items: { type: 'string', pattern: '^127\\.0\\.0\\.1:(\\d+|\\$\\{[A-Z0-9_]+:-\\d+\\}):\\d+$' },
    },
    volumes: { type: 'array', items: { type: 'string', pattern: '^[a-z0-9-]+:/[a-z/]+$' } },
    depends_on: {
      type: 'object',
      additionalProperties: closed({ condition: { enum: ['service_healthy', 'service_completed_successfully'] } }, [
        'condition',
      ]),
    },
    healthcheck,
    cap_drop: { const: ['ALL'] },
    security_opt: { const: ['no-new-privileges:true'] },
    read_only: { type: 'boolean' },
    tmpfs: texts,
    restart: { enum: ['no', 'unless-stopped'] },
  }),
  required: ['restart'],
  anyOf: [
    { required: ['build'] },
    { properties: { image: { type: 'string', pattern: ':[0-9]' } }, required: ['image'] },
  ],
  // What runs once has an end, and no health.
  if: { properties: { restart: { const: 'no' } } },
  // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
  then: { not: { anyOf: [{ required: ['healthcheck'] }, { required: ['ports'] }] } },
  else: { required: ['healthcheck', 'ports'] },
};

export const composeSchema = closed(
  {
    name: text,
    services: { type: 'object', additionalProperties: service, minProperties: 1 },
    volumes: { type: 'object', additionalProperties: { type: 'null' } },
  },
  ['name', 'services', 'volumes'],
);
