import { randomInt } from 'node:crypto';
import { connect, createServer } from 'node:net';

/** A free port below those that the kernel gives to outgoing connections, so that a server that died finds it free again. */
export async function freePort() {
  for (;;) {
    const port = randomInt(20_000, 32_000);
    const free = await new Promise((resolve) => {
      const server = createServer();
      server.once('error', () => resolve(false));
      server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
    });
    if (free) return port;
  }
}

/** Whether something accepts connections there; with `speaks`, whether it also sends first. */
export function answers(port, host = '127.0.0.1', { speaks = false } = {}) {
  return new Promise((resolve) => {
    if (port === undefined) return resolve(true);
    const socket = connect({ port, host, timeout: 2000 });
    const done = (result) => {
      socket.destroy();
      resolve(result);
    };
    socket.once(speaks ? 'data' : 'connect', () => done(true));
    socket.once('error', () => done(false));
    socket.once('close', () => done(false));
    socket.once('timeout', () => done(false));
  });
}
