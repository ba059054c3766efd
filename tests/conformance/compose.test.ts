import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { Ajv } from 'ajv';
import { parse } from 'yaml';
import { serverSources } from '#demo/servers.js';
import { loadConfiguration } from '#src/config/load-configuration.js';
import { root } from '../support/source-tree.js';
import { composeSchema } from './compose-schema.js';

interface Service {
  image?: string;
  environment?: Record<string, string>;
  ports?: string[];
  volumes?: string[];
  depends_on?: Record<string, { condition: string }>;
  healthcheck?: unknown;
  entrypoint?: string[];
  restart: string;
}

interface Compose {
  services: Record<string, Service>;
  volumes: Record<string, null>;
}

const read = (name: string) => readFileSync(join(root, name), 'utf8');
const text = read('docker-compose.yml');
const compose = (): Compose => parse(text);
const valid = new Ajv({ allErrors: true, strictTuples: false }).compile(composeSchema);
const services = Object.entries(compose().services);
const servers = services.filter(([name]) => !['healthsync', 'seed'].includes(name));
/** The port that a service listens on in its container. */
const inner = ({ ports = [] }: Service) => ports.map((port) => Number(port.split(':').at(-1)));

describe('docker-compose.yml', () => {
  test('is as the schema says', () => {
    valid(compose());
    expect(valid.errors).toBeNull();
  });

  const faults: Record<string, (services: Record<string, Service>) => void> = {
    'published to every network': ({ mysql }) => {
      mysql!.ports = ['3306:3306'];
    },
    'published to another address': ({ healthsync }) => {
      healthsync!.ports = ['0.0.0.0:3000:3000'];
    },
    'without a health check': ({ neo4j }) => {
      delete neo4j!.healthcheck;
    },
    'without an image': ({ influxdb }) => {
      delete influxdb!.image;
    },
    'an image of no version': ({ postgres }) => {
      postgres!.image = 'postgres';
    },
    'a password written down': ({ mongodb }) => {
      mongodb!.environment!.MONGO_INITDB_ROOT_PASSWORD = 'letmein';
    },
    'a password with a default': ({ postgres }) => {
      postgres!.environment!.POSTGRES_PASSWORD = ['$', '{POSTGRES_PASSWORD:-letmein}'].join('');
    },
    'a password in a URL': ({ healthsync }) => {
      healthsync!.environment!.HEALTHSYNC_MYSQL_URL = 'mysql://healthsync:letmein@mysql:3306/patient_registry';
    },
    'a password behind a name': ({ neo4j }) => {
      neo4j!.environment!.NEO4J_AUTH = 'neo4j/letmein';
    },
    'a key that Compose does not have': ({ mysql }) => {
      Object.assign(mysql!, { port: ['127.0.0.1:3306:3306'] });
    },
  };
  test.each(Object.entries(faults))('%s is refused', (_, spoil) => {
    const spoiled = compose();
    spoil(spoiled.services);
    expect(valid(spoiled)).toBe(false);
  });

  test('brings up every kind of database, MongoDB twice as a replica set', () => {
    const images = servers.map(([, { image }]) => image!.split(':')[0]).sort();
    expect(images).toEqual(['influxdb', 'mongo', 'mongo', 'mysql', 'neo4j', 'postgres']);
    for (const [, { entrypoint, healthcheck }] of servers.filter(([, { image }]) => image!.startsWith('mongo:'))) {
      const set = /--replSet (\S+)/.exec(entrypoint!.join(' '))![1];
      expect(JSON.stringify(healthcheck)).toContain(`rs.initiate({ _id: \\"${set}\\"`);
    }
  });

  test('HealthSync and what fills the servers wait for every server, and reach each by its name, port and password', () => {
    const { healthsync, seed } = compose().services;
    const healthy = Object.fromEntries(servers.map(([name]) => [name, { condition: 'service_healthy' }]));
    expect(seed!.depends_on).toEqual(healthy);
    expect(healthsync!.depends_on).toEqual({ seed: { condition: 'service_completed_successfully' }, ...healthy });
    expect(seed!.environment).toEqual(healthsync!.environment);
    expect(seed!.entrypoint!.at(-1)).toContain('generate --demo all');
    expect(healthsync!.volumes).toEqual(seed!.volumes);
    expect(Object.keys(healthsync!.environment!)).toHaveLength(servers.length);
    for (const [name, service] of servers) {
      const variable = `HEALTHSYNC_${name.toUpperCase().replace('-', '_')}_URL`;
      const secret = /\$\{[A-Z0-9_]+:\?[^}]*\}/;
      const url = healthsync!.environment![variable]!;
      const own = Object.values(service.environment!).find((value) => secret.test(value))!;
      expect(url.match(secret)![0]).toBe(own.match(secret)![0]);
      const { hostname, port } = new URL(url.replace(secret, 'x'));
      expect([hostname, Number(port)]).toEqual([name, inner(service)[0]]);
    }
  });

  test('no port of this machine is published twice, no volume is unknown or unused', () => {
    const published = services.flatMap(([, { ports = [] }]) => ports.map((port) => /(\d+)\}?:\d+$/.exec(port)![1]));
    expect(new Set(published).size).toBe(published.length);
    const mounted = services.flatMap(([, { volumes = [] }]) => volumes.map((volume) => volume.split(':')[0]!));
    expect([...new Set(mounted)].sort()).toEqual(Object.keys(compose().volumes).sort());
  });

  test('.env.example names what the file takes from the environment, and no value; .env stays on the machine', () => {
    const taken = (found: RegExp) => [...new Set([...text.matchAll(found)].map(([, name]) => name!))].sort();
    const offered = (found: RegExp) => [...read('.env.example').matchAll(found)].map(([, name]) => name!).sort();
    expect(offered(/^([A-Z0-9_]+)=$/gm)).toEqual(taken(/(?<!\$)\$\{([A-Z0-9_]+):\?/g));
    expect(offered(/^# ([A-Z0-9_]+)=\d+$/gm)).toEqual(taken(/(?<!\$)\$\{([A-Z0-9_]+):-/g));
    expect(read('.env.example')).not.toMatch(/^[A-Z0-9_]+=./m);
    expect(read('.gitignore').split('\n')).toContain('.env');
  });
});

describe('demo/container.yaml', () => {
  const file = (name: string) =>
    loadConfiguration(join(root, 'demo', name), compose().services.healthsync!.environment);

  test('serves the sources of the whole demo, where the container listens', () => {
    const { server, sources } = file('container.yaml');
    expect(sources).toEqual(file('all.yaml').sources);
    expect(sources).toEqual(expect.arrayContaining([...file('embedded.yaml').sources]));
    expect(new Set(sources.map(({ adapter }) => adapter)).size).toBe(7);
    // Each source on a server has a generator; files lie in the container's volume.
    expect(sources.map(({ name }) => name)).toEqual(expect.arrayContaining(Object.keys(serverSources)));
    const inFiles = sources.filter(({ location }) => !location.includes('://'));
    expect(inFiles).toHaveLength(4);
    expect(server.host).toBe('0.0.0.0');
    const { healthsync } = compose().services;
    expect(healthsync!.ports).toEqual([`127.0.0.1:${new URL(server.baseUrl!).port}:${server.port}`]);
    const folder = healthsync!.volumes![0]!.split(':')[1]!;
    for (const path of [server.stateFolder, ...inFiles.map(({ location }) => location)])
      expect(path.replace(root.replace(/\/$/, ''), '/app').startsWith(`${folder}/`)).toBe(true);
  });
});

describe('Dockerfile', () => {
  const stages = read('Dockerfile').split(/^(?=FROM )/m);
  const instructions = (stage: string, name: string) =>
    [...stage.matchAll(new RegExp(`^${name} (.*)$`, 'gm'))].map(([, rest]) => rest!);
  const [build, final] = [stages[0]!, stages.at(-1)!];

  test('builds in one stage, and runs in another as a user without rights', () => {
    expect(stages).toHaveLength(2);
    expect(instructions(build, 'FROM')[0]).toMatch(/^node:\d+-bookworm AS build$/);
    expect(instructions(final, 'FROM')[0]).toMatch(/^node:\d+-bookworm-slim$/);
    expect(instructions(final, 'USER')).toEqual(['node']);
    expect(final.indexOf('\nUSER')).toBeLessThan(final.indexOf('\nENTRYPOINT'));
  });

  test('copies what there is, and what a published package holds', () => {
    const sources = instructions(build, 'COPY').flatMap((line) => line.split(' ').slice(0, -1));
    expect(sources.filter((path) => !existsSync(join(root, path)))).toEqual([]);
    const allowed = read('.dockerignore').trim().split('\n');
    expect(allowed).toEqual(['*', ...sources.map((path) => `!${path}`)]);
    const kept = instructions(final, 'COPY').map((line) => line.split(' ')[1]!.replace('/build/', ''));
    const shipped: string[] = JSON.parse(read('package.json')).files.filter((name: string) => !name.endsWith('.md'));
    expect(kept).toEqual(expect.arrayContaining(shipped.filter((name) => name !== 'LICENSE')));
    expect(kept).toEqual(expect.arrayContaining(['package.json', 'node_modules']));
  });

  test('begins what the package begins', () => {
    const [entry] = instructions(final, 'ENTRYPOINT').map((line): string[] => JSON.parse(line));
    expect(entry).toEqual(['node', JSON.parse(read('package.json')).bin.healthsync]);
    const [command] = instructions(final, 'CMD').map((line): string[] => JSON.parse(line));
    expect(command).toEqual(['serve', '--config', 'demo/container.yaml']);
    expect(existsSync(join(root, command![2]!))).toBe(true);
  });
});
