import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';

/**
 * What the way to a server does:
 * `forward`  everything goes through,
 * `refuse`   nobody listens, and what was open is cut,
 * `delay`    what the server says comes late (`DELAY_MS`),
 * `cut`      half of what the server says next, then the end,
 * `stop`     half-open: connections are taken, and nothing is said on them any more, not even when the way is free again,
 * `garbage`  what the server says comes as other bytes,
 * `full`     a connection is taken and closed at once, as by a server that has as many as it may.
 */
export type Way = 'forward' | 'refuse' | 'delay' | 'cut' | 'stop' | 'garbage' | 'full';

export const DELAY_MS = 1_000;

export interface FaultProxy {
  /** The URL of the server, by way of here. */
  readonly url: string;
  set(way: Way): Promise<void>;
  /** Ends the connections that are open. */
  cutAll(): void;
  close(): Promise<void>;
}

interface Pair {
  readonly client: Socket;
  readonly server: Socket;
  /** It has been half-open, and stays so. */
  silent: boolean;
  /** What is said goes in turn, also what is late. */
  said: Promise<void>;
}

/** A way to the server at a URL, which a test breaks. */
export async function faultProxy(target: string): Promise<FaultProxy> {
  const { hostname, port } = new URL(target);
  const pairs = new Set<Pair>();
  let way: Way = 'forward';
  let listening: Server | undefined;

  const accept = (client: Socket) => {
    if (way === 'full') {
      client.on('error', () => {}).end();
      client.destroy();
      return;
    }
    const server = connect({ host: hostname, port: Number(port) });
    const pair: Pair = { client, server, silent: way === 'stop', said: Promise.resolve() };
    pairs.add(pair);
    client.setNoDelay(true);
    const end = () => cut(pair);
    client.on('data', (bytes) => {
      if (!pair.silent) server.write(bytes);
    });
    server.on('data', (bytes) => say(pair, bytes));
    client.on('error', end).on('close', end);
    server.on('error', end).on('close', () => {
      if (!pair.silent) pair.said.then(end);
    });
  };

  const say = (pair: Pair, bytes: Buffer) => {
    if (pair.silent) return;
    const { client } = pair;
    const late = way === 'delay' ? DELAY_MS : 0;
    const cutting = way === 'cut';
    const what = way === 'garbage' ? Buffer.alloc(bytes.length, garbage) : bytes;
    if (cutting) {
      pair.silent = true;
      client.write(bytes.subarray(0, bytes.length >> 1), () => cut(pair));
      return;
    }
    pair.said = pair.said.then(async () => {
      if (late > 0) await new Promise((resolve) => setTimeout(resolve, late));
      if (!pair.silent && !client.destroyed) client.write(what);
    });
  };

  const cut = (pair: Pair) => {
    pairs.delete(pair);
    pair.client.destroy();
    pair.server.destroy();
  };

  const listenAt = async (own: number) => {
    listening = createServer(accept).listen(own, '127.0.0.1');
    await once(listening, 'listening');
    return own;
  };
  const own = await someFreePort(listenAt);
  const cutAll = () => {
    for (const pair of [...pairs]) cut(pair);
  };
  const closed = async () => {
    const server = listening;
    listening = undefined;
    cutAll();
    if (!server) return;
    server.close();
    await once(server, 'close');
  };
  return {
    url: Object.assign(new URL(target), { hostname: '127.0.0.1', port: String(own) }).href,
    cutAll,
    async set(next) {
      way = next;
      if (way === 'refuse') return closed();
      if (way === 'stop') for (const pair of pairs) pair.silent = true;
      if (!listening) await listenAt(own);
    },
    close: closed,
  };
}

const garbage = Buffer.from('cafebabe00ff1a0d0a', 'hex');

/** Below the ports that the kernel gives to outgoing connections: it is found free again after it was given up. */
async function someFreePort(listen: (port: number) => Promise<number>): Promise<number> {
  for (;;) {
    try {
      return await listen(randomInt(20_000, 32_000));
    } catch (error) {
      if ((error as { code?: unknown }).code !== 'EADDRINUSE') throw error;
    }
  }
}
