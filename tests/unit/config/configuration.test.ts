import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { loadConfiguration } from '#src/config/load-configuration.js';
import { isLoopback } from '#src/config/loopback.js';
import { Fault } from '#src/errors/fault.js';

const folder = mkdtempSync(join(tmpdir(), 'healthsync-configuration-'));
const file = join(folder, 'site.yaml');

function load(text: string, environment = {}) {
  writeFileSync(file, text);
  return loadConfiguration(file, environment);
}

const source = (more = '') =>
  `{ name: north, adapter: sqlite, location: data/north.db, mappings: mappings/north${more} }`;

test('downloads have limits', () => {
  const [{ downloads } = {}] = load(
    `sources: [${source(", downloads: { hosts: ['*.a.example', 'b:8443', '[::1]:80'] }")}]`,
  ).sources;
  expect(downloads).toEqual({
    hosts: ['*.a.example', 'b:8443', '[::1]:80'],
    privateHosts: [],
    maxBytes: 104_857_600,
    timeoutMs: 60_000,
  });
});

test('defaults are filled in, and paths start from the file', () => {
  expect(load(`sources: [${source()}]`)).toEqual({
    file,
    server: {
      host: '127.0.0.1',
      port: 3000,
      stateFolder: join(folder, 'state'),
      limits: {
        count: { default: 20, max: 1000 },
        deadlineMs: 10_000,
        rows: 20_000,
        bodyBytes: 1_048_576,
        urlBytes: 8192,
        concurrency: 256,
      },
      creates: {},
    },
    sources: [
      {
        name: 'north',
        adapter: 'sqlite',
        location: join(folder, 'data/north.db'),
        mappings: join(folder, 'mappings/north'),
        required: false,
        write: false,
        timeZone: 'UTC',
        timeoutMs: 5000,
        limits: { concurrency: 8 },
      },
    ],
  });
});

test('what is said holds', () => {
  const { server, sources } = load(`
server: { baseUrl: "https://fhir.example.org/r4/", port: 8080, stateFolder: /var/lib/healthsync, limits: { count: { default: 5, max: 50 }, deadlineMs: 2000 } }
sources: [${source(', required: true, timeZone: Asia/Kolkata, encoding: windows-1252, timeoutMs: 10, limits: { concurrency: 2 }')}]`);
  expect(server).toMatchObject({
    baseUrl: 'https://fhir.example.org/r4',
    port: 8080,
    stateFolder: '/var/lib/healthsync',
    limits: { count: { default: 5, max: 50 }, deadlineMs: 2000, rows: 20_000 },
  });
  expect(sources).toMatchObject([
    { required: true, timeZone: 'Asia/Kolkata', encoding: 'windows-1252', timeoutMs: 10, limits: { concurrency: 2 } },
  ]);
});

/** [what is wrong, the file, what the refusal says] */
const refused: readonly (readonly [string, string, RegExp])[] = [
  ['an unknown key at the top', `prot: 1\nsources: [${source()}]`, /unknown key prot in the top level/],
  ['an unknown key of the server', `server: { prot: 1 }\nsources: [${source()}]`, /unknown key prot in server/],
  ['an unknown limit', `server: { limits: { row: 1 } }\nsources: [${source()}]`, /unknown key row in server\.limits/],
  ['an unknown key of a source', `sources: [${source(', timezone: UTC')}]`, /unknown key timezone in sources\[0\]/],
  ['no sources', 'server: {}', /the top level lacks sources/],
  ['an empty file', '', /the top level lacks sources/],
  ['a list', '- 1', /the top level must be object/],
  ['a source without location', 'sources: [{ name: n, adapter: sqlite, mappings: m }]', /sources\[0\] lacks location/],
  [
    'an unknown adapter',
    'sources: [{ name: n, adapter: oracle, location: l, mappings: m }]',
    /sources\[0\]\.adapter must be one of sqlite, duckdb/,
  ],
  [
    'a name that no id can hold',
    'sources: [{ name: North_1, adapter: sqlite, location: l, mappings: m }]',
    /sources\[0\]\.name must match pattern/,
  ],
  ['two sources of one name', `sources: [${source()}, ${source()}]`, /sources\[1\]: the name north is taken/],
  [
    'an unknown time zone',
    `sources: [${source(', timeZone: Mars/Olympus')}]`,
    /sources\[0\]\.timeZone: Mars\/Olympus is not an IANA time zone/,
  ],
  ['an offset for a time zone', `sources: [${source(', timeZone: "+05:30"')}]`, /is not an IANA time zone/],
  [
    'downloads from nowhere',
    `sources: [${source(', downloads: { hosts: [] }')}]`,
    /downloads.hosts must NOT have fewer/,
  ],
  [
    'a URL as a host',
    `sources: [${source(", downloads: { hosts: ['https://a.example/'] }")}]`,
    /hosts\[0\] must match/,
  ],
  [
    'a private host that is none of the hosts',
    `sources: [${source(', downloads: { hosts: [a.example], privateHosts: [b.example] }')}]`,
    /b.example is not among its hosts/,
  ],
  [
    'http in too few words',
    `sources: [${source(', downloads: { hosts: [a.example], allowHttp: true }')}]`,
    /allowHttp must be "who is on the way may read and change it"/,
  ],
  ['an unknown encoding', `sources: [${source(', encoding: ebcdic')}]`, /ebcdic is not an encoding/],
  ['a port out of range', `server: { port: 70000 }\nsources: [${source()}]`, /server\.port must be <= 65535/],
  [
    'a default count above the largest',
    `server: { limits: { count: { max: 5 } } }\nsources: [${source()}]`,
    /default is above its max/,
  ],
  ['a key given twice', `server: {}\nserver: {}\nsources: [${source()}]`, /Map keys must be unique/],
  ['text that is no YAML', 'sources: [', /site\.yaml: /],
  [
    'a secret where none belongs',
    `server: { baseUrl: "http://\${HOST}/" }\nsources: [${source()}]`,
    /server\.baseUrl may not take a value from the environment/,
  ],
  [
    'a missing secret',
    'sources: [{ name: n, adapter: sqlite, location: "${NORTH_DB}", mappings: m }]',
    /sources\[0\]\.location needs the environment variable NORTH_DB/,
  ],
  [
    'an open address',
    `server: { host: 0.0.0.0, baseUrl: "http://h/fhir" }\nsources: [${source()}]`,
    /not a loopback address.*"this network may read everything"/,
  ],
  [
    'an open address in other words',
    `server: { host: 0.0.0.0, allowRemote: "yes" }\nsources: [${source()}]`,
    /server\.allowRemote must be one of this network may read everything/,
  ],
  [
    'an open address whose data may be changed',
    `server: { host: 0.0.0.0, allowRemote: this network may read everything, baseUrl: "http://h/fhir" }\nsources: [${source(', write: true')}]`,
    /"this network may read and change everything"/,
  ],
  [
    'creates in a source that is not written',
    `server: { creates: { Patient: north } }\nsources: [${source()}]`,
    /server\.creates\.Patient names north, which is no source that may be written/,
  ],
  [
    'an open address without a name',
    `server: { host: 0.0.0.0, allowRemote: this network may read everything }\nsources: [${source()}]`,
    /server\.baseUrl must say/,
  ],
];

test.each(refused)('%s refuses to start', (_wrong, text, word) => {
  expect(() => load(text)).toThrow(Fault);
  expect(() => load(text)).toThrow(word);
});

test('an open address is allowed in so many words', () => {
  expect(
    load(
      `server: { host: "::", allowRemote: this network may read everything, baseUrl: "http://h/fhir" }\nsources: [${source()}]`,
    ).server.host,
  ).toBe('::');
});

test('a file that is not there is named', () => {
  expect(() => loadConfiguration(join(folder, 'none.yaml'))).toThrow(/none\.yaml cannot be read/);
});

describe('secrets', () => {
  test('the location of a server is its URL', () => {
    const { sources } = load(
      'sources: [{ name: n, adapter: mongodb, location: "mongodb://reader:${PASSWORD}@db-1:27017,db-2/ehr", mappings: m }]',
      { PASSWORD: 'p%40ss' },
    );
    expect(sources[0]?.location).toBe('mongodb://reader:p%40ss@db-1:27017,db-2/ehr');
  });

  test('a location takes them from the environment', () => {
    const { sources } = load('sources: [{ name: n, adapter: sqlite, location: "/${A}/${B}.db", mappings: m }]', {
      A: 'x',
      B: '$y',
    });
    expect(sources[0]?.location).toBe('/x/$y.db');
  });
});

test.each([
  ['127.0.0.1', true],
  ['127.8.9.1', true],
  ['localhost', true],
  ['LocalHost', true],
  ['::1', true],
  ['[::1]', true],
  ['0.0.0.0', false],
  ['::', false],
  ['10.0.0.1', false],
  ['127.0.0.1.evil.example', false],
  ['localhost.evil.example', false],
  ['', false],
] as const)('%s is loopback: %s', (host, loopback) => {
  expect(isLoopback(host)).toBe(loopback);
});

test.each([
  ['mysql://u:p@db:3306/other', 'mysql://u:p@db:3306/clinic'],
  ['mongodb://u:p@one:1,two:2/?authSource=admin', 'mongodb://u:p@one:1,two:2/clinic?authSource=admin'],
  ['mongodb://one', 'mongodb://one/clinic'],
  ['http://db:8086', 'http://db:8086/clinic'],
  ['http://proxy/influx/', 'http://proxy/influx/clinic'],
  ['http://proxy/influx/other?x=1', 'http://proxy/influx/clinic?x=1'],
])('the database of a source stands in the URL of its server: %s', (location, expected) => {
  const given = `{ name: north, adapter: mongodb, location: "\${URL_OF_NORTH}", database: clinic, mappings: m }`;
  const { sources } = load(`sources: [${given}]`, { URL_OF_NORTH: location });
  expect(sources[0]).toMatchObject({ location: expected });
  expect(sources[0]).not.toHaveProperty('database');
});

test('a file has no database', () => {
  expect(() => load(`sources: [${source(', database: clinic')}]`)).toThrow("the location is no server's");
});
