import { afterEach, describe, expect, test } from '@jest/globals';
import type { DownloadLimits } from '#src/config/configuration.js';
import type { HostAddress } from '#src/download/addresses.js';
import { createDownload } from '#src/download/download.js';
import { startUpstream, type Upstream } from '../../support/upstream.js';

let upstream: Upstream | undefined;
afterEach(async () => {
  await upstream?.stop();
  upstream = undefined;
});

const limits = { maxBytes: 1000, timeoutMs: 5_000 };
const http = { allowHttp: 'yes' };

/** Asks for an address of source `s`; `names`: the addresses that each look at a name gives, in turn. */
async function fetched(
  address: string,
  allowance: Partial<DownloadLimits>,
  names: Readonly<Record<string, readonly (readonly string[])[]>> = {},
) {
  const looked: string[] = [];
  const download = createDownload(
    new Map([['s', { hosts: [], privateHosts: [], ...limits, ...allowance }]]),
    async (host) => {
      const turn = looked.filter((each) => each === host).length;
      looked.push(host);
      const found = names[host]?.[turn] ?? [];
      return found.map((each): HostAddress => ({ address: each, family: each.includes(':') ? 6 : 4 }));
    },
  );
  const text = async () => {
    const { bytes } = await download({ source: 's', address, signal: new AbortController().signal });
    const parts: Uint8Array[] = [];
    for await (const part of bytes) parts.push(part);
    return Buffer.concat(parts).toString();
  };
  return { answer: await text().catch((fault: { code: string; place: object }) => fault), looked };
}

const forbidden = { code: 'forbidden', place: { source: 's' } };

describe('where a source may be fetched from', () => {
  test('its hosts, by https, and by http only in so many words', async () => {
    upstream = await startUpstream((_, response) => response.end('image'));
    const { host } = upstream;
    const own = { hosts: [host], privateHosts: [host] };
    expect((await fetched(`http://${host}/1`, { ...own, ...http })).answer).toBe('image');
    expect((await fetched(`http://${host}/1`, own)).answer).toMatchObject(forbidden);
    expect((await fetched(`http://${host}/1`, { ...own, ...http, hosts: ['127.0.0.1'] })).answer).toMatchObject(
      forbidden,
    );
    expect((await fetched(`http://user:secret@${host}/1`, { ...own, ...http })).answer).toMatchObject(forbidden);
    for (const address of ['file:///etc/passwd', 'ftp://127.0.0.1/', 'on CD', ''])
      expect((await fetched(address, { ...own, ...http })).answer).toMatchObject(forbidden);
    // Nobody speaks TLS there.
    expect((await fetched(`https://${host}/1`, own)).answer).toMatchObject({ code: 'source-unavailable' });
    expect(upstream.asked).toHaveLength(1);
  });

  test('a pattern of hosts means what is below it', async () => {
    const allowance = { hosts: ['*.example.org'] };
    const names = { 'a.example.org': [['10.0.0.1']], 'example.org': [['10.0.0.1']], 'aexample.org': [['10.0.0.1']] };
    expect((await fetched('https://a.example.org/', allowance, names)).looked).toEqual(['a.example.org']);
    for (const host of ['example.org', 'aexample.org', 'a.example.org.evil.example', 'a.example.org:8443'])
      expect((await fetched(`https://${host}/`, allowance, names)).looked).toEqual([]);
  });
});

describe('addresses that are not public', () => {
  test.each(['127.0.0.1', '2130706433', '0x7f.1', '[::1]', '[::ffff:127.0.0.1]', '169.254.169.254'])(
    '%s as it is written',
    async (host) => {
      upstream = await startUpstream((_, response) => response.end('image'));
      const { port } = upstream;
      const hosts = [new URL(`http://${host}:${port}`).host];
      expect((await fetched(`http://${host}:${port}/`, { hosts, ...http })).answer).toMatchObject(forbidden);
      expect(upstream.asked).toHaveLength(0);
    },
  );

  test('a name that has one among its addresses', async () => {
    upstream = await startUpstream((_, response) => response.end('image'));
    const host = `images.example.org:${upstream.port}`;
    for (const found of [['127.0.0.1'], ['8.8.8.8', '127.0.0.1'], ['::1'], ['::ffff:10.0.0.1']]) {
      const { answer } = await fetched(
        `http://${host}/`,
        { hosts: [host], ...http },
        { 'images.example.org': [found] },
      );
      expect(answer).toMatchObject(forbidden);
    }
    expect(upstream.asked).toHaveLength(0);
  });

  test('a name is looked up once, and the connection goes to what was found then', async () => {
    upstream = await startUpstream((_, response) => response.end('image'));
    const host = `images.example.org:${upstream.port}`;
    const allowance = { hosts: [host], privateHosts: [host], ...http };
    // A second look would find an address where nothing listens; the system knows no such name at all.
    const names = { 'images.example.org': [['127.0.0.1'], ['127.0.0.2']] };
    expect(await fetched(`http://${host}/`, allowance, names)).toEqual({
      answer: 'image',
      looked: ['images.example.org'],
    });
  });

  test('a name without an address', async () => {
    const { answer } = await fetched('https://images.example.org/', { hosts: ['images.example.org'] });
    expect(answer).toMatchObject({ code: 'source-unavailable', place: { source: 's' } });
  });
});

describe('where it leads on to', () => {
  const leading = (location: string) =>
    startUpstream((request, response) => {
      if (request.url === '/end') response.end('image');
      else response.writeHead(302, { Location: location }).end('elsewhere');
    });

  test('is checked as the first is', async () => {
    upstream = await leading('/end');
    const { host, port } = upstream;
    const own = { hosts: [host], privateHosts: [host], ...http };
    expect((await fetched(`http://${host}/`, own)).answer).toBe('image');
    await upstream.stop();

    upstream = await leading(`http://localhost:${port}/end`);
    expect(
      (await fetched(`http://${upstream.host}/`, { ...own, hosts: [upstream.host], privateHosts: [upstream.host] }))
        .answer,
    ).toMatchObject(forbidden);
    await upstream.stop();

    // A host that is allowed, at an address that is not.
    upstream = await leading('http://images.example.org:1/end');
    const both = { hosts: [upstream.host, 'images.example.org:1'], privateHosts: [upstream.host], ...http };
    const { answer, looked } = await fetched(`http://${upstream.host}/`, both, {
      'images.example.org': [['192.168.0.1']],
    });
    expect([answer, looked]).toMatchObject([forbidden, ['images.example.org']]);
    await upstream.stop();

    upstream = await leading('file:///etc/passwd');
    const file = { ...own, hosts: [upstream.host], privateHosts: [upstream.host] };
    expect((await fetched(`http://${upstream.host}/`, file)).answer).toMatchObject(forbidden);
  });

  test('ends somewhere', async () => {
    upstream = await leading('/again');
    const { host } = upstream;
    const { answer } = await fetched(`http://${host}/`, { hosts: [host], privateHosts: [host], ...http });
    expect(answer).toMatchObject({ code: 'source-unavailable' });
    expect(upstream.asked.length).toBeLessThan(10);
  });
});

test('a source that the configuration does not name is fetched from nowhere', async () => {
  const wanted = { source: 's', address: 'https://8.8.8.8/', signal: new AbortController().signal };
  await expect(createDownload(new Map())(wanted)).rejects.toMatchObject(forbidden);
});
