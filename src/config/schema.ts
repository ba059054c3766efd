/** The JSON Schema of a configuration file. An unknown key is an error everywhere; defaults are written by ajv. */

/** What `server.allowRemote` must say, in so many words, before the server listens beyond the loopback address. */
export const allowRemoteWords = 'this network may read everything';

/** What it must say where a source may be written. */
export const allowRemoteWritingWords = 'this network may read and change everything';

/** What `downloads.allowHttp` must say, in so many words, before bytes are fetched without TLS. */
export const allowHttpWords = 'who is on the way may read and change it';

const milliseconds = { type: 'integer', minimum: 1, maximum: 600_000 };

/** `name`, `name:port` or `*.name`, as a URL has them once it is parsed: in lower case, an address of IPv6 in brackets. */
const host = { type: 'string', pattern: '^(\\*\\.)?([a-z0-9_.-]+|\\[[0-9a-f:.]+\\])(:\\d{1,5})?$' };

function closed(properties: Record<string, unknown>, required: readonly string[] = []) {
  return { type: 'object', additionalProperties: false, required, properties };
}

export const configurationSchema = closed(
  {
    server: {
      ...closed({
        baseUrl: { type: 'string', pattern: '^https?://[^?#\\s]+$' },
        host: { type: 'string', minLength: 1, default: '127.0.0.1' },
        port: { type: 'integer', minimum: 0, maximum: 65_535, default: 3000 },
        allowRemote: { enum: [allowRemoteWords, allowRemoteWritingWords] },
        creates: { type: 'object', additionalProperties: { type: 'string', minLength: 1 }, default: {} },
        stateFolder: { type: 'string', minLength: 1, default: 'state' },
        limits: {
          ...closed({
            count: {
              ...closed({
                default: { type: 'integer', minimum: 1, maximum: 10_000, default: 20 },
                max: { type: 'integer', minimum: 1, maximum: 10_000, default: 1000 },
              }),
              default: {},
            },
            deadlineMs: { ...milliseconds, default: 10_000 },
            rows: { type: 'integer', minimum: 1, default: 20_000 },
            bodyBytes: { type: 'integer', minimum: 1, default: 1_048_576 },
            urlBytes: { type: 'integer', minimum: 256, maximum: 65_536, default: 8192 },
            concurrency: { type: 'integer', minimum: 1, default: 256 },
          }),
          default: {},
        },
      }),
      default: {},
    },
    sources: {
      type: 'array',
      minItems: 1,
      items: closed(
        {
          name: { type: 'string', pattern: '^[a-z0-9]+(-[a-z0-9]+)*$', maxLength: 32 },
          adapter: { enum: ['sqlite', 'duckdb', 'mysql', 'postgres', 'mongodb', 'neo4j', 'influxdb'] },
          location: { type: 'string', minLength: 1 },
          database: { type: 'string', minLength: 1 },
          mappings: { type: 'string', minLength: 1 },
          required: { type: 'boolean', default: false },
          write: { type: 'boolean', default: false },
          timeZone: { type: 'string', minLength: 1, default: 'UTC' },
          encoding: { type: 'string', minLength: 1 },
          timeoutMs: { ...milliseconds, default: 5000 },
          limits: { ...closed({ concurrency: { type: 'integer', minimum: 1, default: 8 } }), default: {} },
          downloads: closed(
            {
              hosts: { type: 'array', items: host, minItems: 1 },
              privateHosts: { type: 'array', items: host, default: [] },
              allowHttp: { const: allowHttpWords },
              maxBytes: { type: 'integer', minimum: 1, default: 104_857_600 },
              timeoutMs: { ...milliseconds, default: 60_000 },
            },
            ['hosts'],
          ),
        },
        ['name', 'adapter', 'location', 'mappings'],
      ),
    },
  },
  ['sources'],
);
