import { request } from 'node:http';
import { describe, expect, test } from '@jest/globals';
import { Fault, type FaultCode } from '#src/errors/fault.js';
import type { RunOptions } from '#src/execution/engine.js';
import { statuses } from '#src/http/status.js';
import { json, limits, outcomeOf, startServer } from '../support/http-server.js';

/** A gate that every answer waits at. */
function gate() {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open, opened };
}

const until = async (condition: () => boolean) => {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
};

test('a stop lets the running request end, and takes no new one', async () => {
  const { open, opened } = gate();
  let waiting = 0;
  const server = await startServer({
    before: () => {
      waiting++;
      return opened;
    },
  });
  const running = server.ask('Patient/a.1');
  await until(() => waiting === 1);
  const stopped = server.stop(5000);
  await expect(server.ask('Patient/a.1')).rejects.toThrow(/ECONNREFUSED/);
  open();
  const answer = await running;
  expect([answer.status, json(answer).id]).toEqual([200, 'a.1']);
  await stopped;
});

test('a stop does not wait for ever', async () => {
  const { opened } = gate();
  let waiting = 0;
  const server = await startServer({
    before: () => {
      waiting++;
      return opened;
    },
  });
  const running = server.ask('Patient/a.1');
  await until(() => waiting === 1);
  await Promise.all([expect(running).rejects.toThrow(/socket hang up|ECONNRESET/), server.stop(50)]);
});

test('a client that goes away aborts its request, and only then', async () => {
  let signal: RunOptions['signal'] | undefined;
  const { open, opened } = gate();
  const server = await startServer({
    before: (options) => {
      signal = options.signal;
      return opened;
    },
  });
  const sent = request({ port: server.port, path: '/fhir/Patient', agent: false });
  sent.on('error', () => {}).end();
  await until(() => signal !== undefined);
  expect(signal?.aborted).toBe(false);
  sent.destroy();
  await until(() => signal!.aborted);
  open();
  signal = undefined;
  expect((await server.ask('Patient/a.1')).status).toBe(200);
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(signal!.aborted).toBe(false);
  await server.stop();
});

test('one request more than may run at once is told to come again', async () => {
  const { open, opened } = gate();
  let waiting = 0;
  const server = await startServer({
    before: () => {
      waiting++;
      return opened;
    },
  });
  const running = Array.from({ length: limits.concurrency }, () => server.ask('Patient/a.1'));
  await until(() => waiting === limits.concurrency);
  const refused = await server.ask('Patient/a.1');
  expect([refused.status, refused.headers['retry-after'], outcomeOf(refused).issue?.[0]?.code]).toEqual([
    503,
    '1',
    'throttled',
  ]);
  open();
  expect((await Promise.all(running)).map(({ status }) => status)).toEqual(running.map(() => 200));
  expect((await server.ask('Patient/a.1')).status).toBe(200);
  await server.stop();
});

describe('rule 90: a failure inside', () => {
  test.each(Object.keys(statuses) as FaultCode[])('%s has its status', async (code) => {
    const server = await startServer({
      before: () => {
        throw new Fault(code, 'A word.', { source: 'north' });
      },
    });
    for (const path of ['Patient/a.1', 'Patient?_count=1']) {
      const answer = await server.ask(path);
      expect(answer.status).toBe(statuses[code]);
      expect(outcomeOf(answer).issue).toMatchObject([{ severity: 'error', diagnostics: 'A word.' }]);
    }
    await server.stop();
  });

  test('that nobody foresaw is 500 in a generic word, and the log has its class alone', async () => {
    const server = await startServer({
      before: () => {
        throw new RangeError('SELECT * FROM patients /* Ada */');
      },
    });
    const answer = await server.ask({ path: 'Patient/a.1', headers: { 'X-Request-Id': 'lost' } });
    expect([answer.status, outcomeOf(answer).issue?.[0]?.code]).toEqual([500, 'exception']);
    expect(answer.text).not.toMatch(/SELECT|Ada|at /);
    expect(JSON.parse(server.log[0]!)).toMatchObject({ id: 'lost', status: 500, error: 'RangeError' });
    expect(server.log.join('')).not.toMatch(/SELECT|Ada/);
    await server.stop();
  });
});
