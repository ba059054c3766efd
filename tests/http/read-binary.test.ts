import { randomBytes } from 'node:crypto';
import { type IncomingMessage, request, type ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Binary, Bundle, CapabilityStatement, DocumentReference } from '@medplum/fhirtypes';
import { openMemory } from '#src/adapters/memory/adapter.js';
import { createDownload } from '#src/download/download.js';
import { createEngine } from '#src/execution/create-engine.js';
import { binary, map, table } from '#src/mapping/index.js';
import { json, outcomeOf, type Running, startServer } from '../support/http-server.js';
import { startUpstream, type Upstream } from '../support/upstream.js';

const images = table('images', { key: ['id'], columns: { id: 'text', url: 'text' } });

/** Images whose links lead to pages of a server; their files have other addresses. */
const mappings = (host: string) => [
  map<DocumentReference>('DocumentReference', {
    name: 'document-reference',
    id: images.id,
    to: {
      resourceType: 'DocumentReference',
      status: 'current',
      content: [{ attachment: { url: binary(images.id, images.text('url')), title: images.text('id') } }],
    },
  }),
  map<Binary>('Binary', {
    name: 'binary',
    id: images.id,
    content: {
      address: images.text('url'),
      files: { [`http://${host}/page/{}/`]: `http://${host}/files/{}` },
    },
    to: { resourceType: 'Binary', contentType: 'application/octet-stream' },
  }),
];

const secret = 'internal-bucket-7';
const picture = Buffer.from(Array.from({ length: 1000 }, (_, i) => (i * 7) % 256));
const large = 64 * 1024 * 1024;
const maxBytes = 512 * 1024 * 1024;

/** What lies at the upstream, by path. */
const files: Readonly<Record<string, (request: IncomingMessage, response: ServerResponse) => void>> = {
  /** Of a server that knows ranges. */
  ranged: ({ headers }, response) => {
    const range = /^bytes=(\d+)-(\d+)$/.exec(headers.range ?? '');
    const part = range ? picture.subarray(Number(range[1]), Number(range[2]) + 1) : picture;
    response
      .writeHead(range ? 206 : 200, {
        ...about,
        'Content-Length': part.length,
        ...(range && { 'Content-Range': `bytes ${range[1]}-${Number(range[1]) + part.length - 1}/${picture.length}` }),
      })
      .end(part);
  },
  /** Of one that does not. */
  plain: (_, response) => response.writeHead(200, { ...about, 'Content-Length': picture.length }).end(picture),
  endless: (_, response) => {
    response.writeHead(200, about).write(picture);
    response.end(picture);
  },
  html: (_, response) => response.writeHead(200, { 'Content-Type': 'text/html; x=1; charset=utf-8' }).end('<p>'),
  untyped: (_, response) => response.writeHead(200, { 'Content-Type': 'a\tb' }).end('x'),
  gone: (_, response) => response.writeHead(404).end(secret),
  locked: (_, response) => response.writeHead(403).end(secret),
  broken: (_, response) => response.writeHead(500).end(secret),
  zipped: (_, response) => response.writeHead(200, { 'Content-Encoding': 'gzip' }).end('x'),
  other: (_, response) =>
    response.writeHead(206, { 'Content-Range': `bytes 5-9/${picture.length}` }).end(picture.subarray(5, 10)),
  short: (_, response) => {
    response.writeHead(200, { 'Content-Length': picture.length }).write(picture.subarray(0, 100));
    setTimeout(() => response.destroy(), 20);
  },
  slow: () => {},
  stalls: (_, response) => response.writeHead(200, about).write(picture),
  huge: (_, response) => response.writeHead(200, { 'Content-Length': maxBytes + 1 }).end('x'),
  swelling: (_, response) => pour(response, Number.POSITIVE_INFINITY),
  large: (_, response) => {
    response.writeHead(200, { ...about, 'Content-Length': large });
    pour(response, large);
  },
};
const about = {
  'Content-Type': 'image/png',
  ETag: `"${secret}"`,
  'Set-Cookie': 'a=b',
  Server: secret,
  'X-Where': secret,
};

const block = Buffer.alloc(256 * 1024, 1);
let poured = 0;
let closed = 0;
function pour(response: ServerResponse, bytes: number): void {
  poured = 0;
  response.once('close', () => closed++);
  const more = () => {
    while (poured < bytes) {
      if (response.destroyed) return;
      poured += block.length;
      if (!response.write(block)) return void response.once('drain', more);
    }
    response.end();
  };
  more();
}

let upstream: Upstream;
let server: Running;
beforeAll(async () => {
  upstream = await startUpstream((request, response) => {
    const file = files[request.url!.replace('/files/', '')];
    if (file) file(request, response);
    else response.writeHead(404).end();
  });
  const { host } = upstream;
  const rows: readonly (readonly [id: string, url: string | null])[] = [
    ...Object.keys(files).map((name) => [name, `http://${host}/page/${name}/`] as const),
    ['elsewhere', 'http://127.0.0.1:1/x'],
    ['words', 'on CD'],
    ['none', null],
  ];
  server = await startServer({
    engine: (baseUrl) =>
      createEngine({
        sources: [
          {
            name: 'pacs',
            adapter: openMemory({ images: { columns: ['id', 'url'], rows } }),
            mappings: { folder: '', mappings: mappings(host), conceptMaps: new Map() },
            required: true,
            timeZone: 'UTC',
            timeoutMs: 5_000,
            limits: { concurrency: 4 },
          },
        ],
        baseUrl,
        limits: { rows: 1000, deadlineMs: 5_000 },
        cursorKey: Buffer.alloc(32, 1),
        randomBytes,
      }),
    download: createDownload(
      new Map([['pacs', { hosts: [host], privateHosts: [host], allowHttp: 'yes', maxBytes, timeoutMs: 2_500 }]]),
    ),
  });
});
afterAll(async () => {
  await server.stop();
  await upstream.stop();
});

interface Got {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
  /** Whether it ended where it said that it would. */
  readonly complete: boolean;
}

function read(name: string, headers: Readonly<Record<string, string>> = {}, method = 'GET'): Promise<Got> {
  return new Promise((resolve, reject) => {
    const path = `/fhir/Binary/pacs.${name}`;
    const sent = request({ port: server.port, host: '127.0.0.1', path, method, headers, agent: false }, (got) => {
      const parts: Buffer[] = [];
      const end = () =>
        resolve({
          status: got.statusCode!,
          headers: got.headers,
          body: Buffer.concat(parts),
          complete: got.complete,
        });
      got.on('data', (part: Buffer) => parts.push(part)).on('error', end);
      got.on('end', end);
    });
    sent.on('error', reject).end();
  });
}

describe('A2, A14: the bytes of an image', () => {
  test('come as they are, and nothing else of where they lie', async () => {
    const { status, headers, body } = await read('ranged');
    expect(status).toBe(200);
    expect(body.equals(picture)).toBe(true);
    expect(headers).toMatchObject({
      'content-type': 'image/png',
      'content-length': '1000',
      'content-disposition': 'attachment; filename="pacs.ranged"',
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
      'accept-ranges': 'bytes',
      etag: expect.stringMatching(/^"[0-9a-f]{20}"$/),
    });
    expect(JSON.stringify(headers)).not.toMatch(new RegExp(`${secret}|${upstream.host}|set-cookie|"server"|x-where`));
    // Nothing of who asks goes there.
    expect(Object.keys(upstream.asked.at(-1)!.headers).sort()).toEqual([
      'accept',
      'accept-encoding',
      'connection',
      'host',
      'user-agent',
    ]);
  });

  test('whatever Accept says beside FHIR', async () => {
    for (const accept of [
      'image/png',
      '*/*',
      'text/html, application/xml;q=0.9',
      'application/fhir+json;q=0.5, image/*',
    ])
      expect((await read('plain', { Accept: accept })).headers['content-type']).toBe('image/png');
  });

  test('their type is the one that is stated, as far as it is one', async () => {
    expect((await read('html')).headers['content-type']).toBe('text/html; charset=utf-8');
    expect((await read('untyped')).headers['content-type']).toBe('application/octet-stream');
  });

  test('whose length is not told come too', async () => {
    const { headers, body, complete } = await read('endless');
    expect([headers['content-length'], body.length, complete]).toEqual([undefined, 2000, true]);
  });

  test('HEAD says what GET would, and takes none', async () => {
    const { status, headers, body } = await read('ranged', {}, 'HEAD');
    expect([status, headers['content-length'], body.length]).toEqual([200, '1000', 0]);
  });

  test('are not sent to a client that has them', async () => {
    const { headers } = await read('ranged');
    const again = await read('ranged', { 'If-None-Match': headers.etag! });
    expect([again.status, again.body.length]).toEqual([304, 0]);
    expect((await read('ranged', { 'If-None-Match': '"other"' })).status).toBe(200);
  });
});

describe('as FHIR JSON', () => {
  const whole = {
    resourceType: 'Binary',
    id: 'pacs.plain',
    meta: { source: 'urn:healthsync:pacs' },
    contentType: 'image/png',
    data: picture.toString('base64'),
  };

  test('where that is asked for in so many words', async () => {
    for (const accept of ['application/fhir+json', 'application/fhir+json, */*;q=0.1']) {
      const { status, headers, body } = await read('plain', { Accept: accept });
      expect([status, headers['content-type']]).toEqual([200, 'application/fhir+json; charset=utf-8']);
      expect(headers['content-length']).toBe(String(body.length));
      expect(headers['content-disposition']).toBeUndefined();
      expect(headers.vary).toBe('Accept');
      expect(JSON.parse(body.toString())).toEqual(whole);
    }
    const formatted = await server.ask('Binary/pacs.plain?_format=json');
    expect(json(formatted)).toEqual(whole);
    expect(formatted.headers.etag).not.toBe((await read('plain')).headers.etag);
  });

  test('a range is not of it', async () => {
    const { status, body } = await read('ranged', { Accept: 'application/fhir+json', Range: 'bytes=0-1' });
    expect(status).toBe(200);
    expect(JSON.parse(body.toString())).toEqual({ ...whole, id: 'pacs.ranged' });
  });

  test('another format of FHIR is not written', async () => {
    for (const ask of [
      { path: 'Binary/pacs.plain', headers: { Accept: 'application/fhir+xml' } },
      { path: 'Binary/pacs.plain?_format=xml' },
    ])
      expect((await server.ask(ask)).status).toBe(406);
  });

  test('it takes no other parameter', async () => {
    expect((await server.ask('Binary/pacs.plain?_elements=data')).status).toBe(400);
    expect((await server.ask('Binary/pacs.plain?_elements=')).status).toBe(200);
  });
});

describe.each(['ranged', 'plain'])('ranges of %s', (name) => {
  test.each([
    ['bytes=0-4', 0, 4],
    ['bytes=990-', 990, 999],
    ['bytes=-10', 990, 999],
    ['bytes=500-5000', 500, 999],
  ])('%s', async (range, first, last) => {
    const { status, headers, body } = await read(name, { Range: range });
    expect(status).toBe(206);
    expect(headers['content-range']).toBe(`bytes ${first}-${last}/1000`);
    expect(headers['content-length']).toBe(String(last - first + 1));
    expect(body.equals(picture.subarray(first, last + 1))).toBe(true);
  });

  test('a range that it has no byte of', async () => {
    const answer = await server.ask({ path: `Binary/pacs.${name}`, headers: { Range: 'bytes=1000-' } });
    expect([answer.status, answer.headers['content-range']]).toEqual([416, 'bytes */1000']);
    expect(outcomeOf(answer).issue[0]).toMatchObject({ severity: 'error', expression: ['http.Range'] });
  });

  test('what is no one range is answered with the whole', async () => {
    for (const range of ['bytes=0-1,5-6', 'bytes=4-2', 'lines=1-2']) {
      const { status, body } = await read(name, { Range: range });
      expect([range, status, body.length]).toEqual([range, 200, 1000]);
    }
  });

  test('If-Range: a part of what the client has, or else the whole', async () => {
    const { headers } = await read(name, { Range: 'bytes=0-4' });
    const same = await read(name, { Range: 'bytes=5-9', 'If-Range': headers.etag! });
    expect([same.status, same.body.length]).toEqual([206, 5]);
    for (const tag of ['"other"', `W/${headers.etag}`, 'Mon, 01 Apr 2024 10:00:00 GMT']) {
      const other = await read(name, { Range: 'bytes=5-9', 'If-Range': tag });
      expect([other.status, other.headers['content-range'], other.body.length]).toEqual([200, undefined, 1000]);
    }
  });
});

describe('what goes wrong', () => {
  const named = { system: 'urn:healthsync:source', code: 'pacs' };
  test.each([
    ['gone', 404, 'not-found'],
    ['locked', 503, 'source-unavailable'],
    ['broken', 503, 'source-unavailable'],
    ['zipped', 503, 'source-corrupt'],
    ['slow', 504, 'source-timeout'],
    ['huge', 403, 'too-costly'],
    ['elsewhere', 403, 'forbidden'],
    ['words', 403, 'forbidden'],
  ])('%s is %i %s, and names the source alone', async (name, status, code) => {
    for (const headers of [{}, { Accept: 'application/fhir+json' }] as Record<string, string>[]) {
      const answer = await server.ask({ path: `Binary/pacs.${name}`, headers });
      expect(answer.status).toBe(status);
      expect(outcomeOf(answer).issue).toEqual([
        expect.objectContaining({
          severity: 'error',
          details: { coding: [{ system: 'urn:healthsync:fault', code }, named] },
        }),
      ]);
      expect(answer.text + JSON.stringify(answer.headers)).not.toMatch(new RegExp(`${secret}|127\\.0\\.0\\.1|on CD`));
    }
    expect(server.log.join('')).not.toMatch(new RegExp(`${secret}|/files/|on CD`));
  });

  test('another part than the one that was asked for', async () => {
    expect((await read('other', { Range: 'bytes=0-4' })).status).toBe(503);
    expect((await read('other', { Range: 'bytes=5-9' })).status).toBe(206);
    expect((await read('other')).status).toBe(503);
  });

  test('bytes that end too early, stall or go on for ever are cut, and never look whole', async () => {
    for (const name of ['short', 'stalls']) {
      const { status, body, complete } = await read(name);
      expect([name, status, complete]).toEqual([name, 200, false]);
      expect(body.length).toBeGreaterThan(0);
    }
    expect((await read('short', { Accept: 'application/fhir+json' })).complete).toBe(false);
  });

  test('an id of nothing, a search, another method', async () => {
    expect((await server.ask('Binary/pacs.nobody')).status).toBe(404);
    expect((await server.ask('Binary/pacs.none')).status).toBe(404);
    for (const path of ['Binary', 'Binary?_id=pacs.plain']) {
      const answer = await server.ask(path);
      expect([path, answer.status]).toEqual([path, 404]);
      expect(outcomeOf(answer).issue[0]!.diagnostics).toMatch(/not searched/);
    }
    expect((await server.ask({ method: 'POST', path: 'Binary/_search' })).status).toBe(404);
    const deleted = await server.ask({ method: 'DELETE', path: 'Binary/pacs.plain' });
    expect([deleted.status, deleted.headers.allow]).toEqual([405, 'GET, HEAD']);
  });
});

describe('much', () => {
  /** Reads nothing of the answer until it is told to. */
  const begin = (name: string) =>
    new Promise<IncomingMessage>((resolve, reject) => {
      const path = `/fhir/Binary/pacs.${name}`;
      request({ port: server.port, host: '127.0.0.1', path, agent: false }, resolve).on('error', reject).end();
    });

  test('is kept nowhere: while the client takes nothing, nothing more is fetched', async () => {
    const answer = await begin('large');
    let before = -1;
    for (let i = 0; i < 20 && before !== poured; i++) {
      before = poured;
      await wait(50);
    }
    expect(poured).toBeLessThan(large / 4);
    let received = 0;
    for await (const part of answer) received += (part as Buffer).length;
    expect([received, poured, answer.complete]).toEqual([large, large, true]);
  });

  test('a client that goes away ends it', async () => {
    const before = closed;
    const answer = await begin('swelling');
    answer.destroy();
    for (let i = 0; i < 100 && closed === before; i++) await wait(20);
    expect(closed).toBe(before + 1);
    expect(poured).toBeLessThan(large);
  });
});

describe('what leads there', () => {
  test('a document names the Binary, and is found by it', async () => {
    const document = json<DocumentReference>(await server.ask('DocumentReference/pacs.plain'));
    expect(document.content).toEqual([{ attachment: { url: 'Binary/pacs.plain', title: 'plain' } }]);
    expect(json<DocumentReference>(await server.ask('DocumentReference/pacs.none')).content).toEqual([
      { attachment: { title: 'none' } },
    ]);
    const ids = async (query: string) =>
      json<Bundle>(await server.ask(`DocumentReference?${query}`)).entry?.map(({ resource }) => resource!.id);
    expect(await ids('location=Binary/pacs.plain')).toEqual(['pacs.plain']);
    expect(await ids('location=Binary/pacs.none')).toBeUndefined();
    expect(await ids('location=Patient/pacs.plain')).toBeUndefined();
    expect(await ids('location:missing=true')).toEqual(['pacs.none']);
  });

  test('the CapabilityStatement says that it is read, and nothing more', async () => {
    const { rest } = json<CapabilityStatement>(await server.ask('metadata'));
    const found = rest![0]!.resource!.find(({ type }) => type === 'Binary')!;
    expect(found.interaction).toEqual([{ code: 'read' }]);
    expect([found.versioning, found.searchParam]).toEqual(['no-version', undefined]);
  });
});
