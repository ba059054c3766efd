import { randomBytes } from 'node:crypto';
import { openInfluxdb } from '#src/adapters/influxdb/adapter.js';
import { faultProxy } from '../support/fault-proxy.js';
import { line } from '../support/line-protocol.js';
import type { FaultySource } from './harm.js';
import { people } from './people.js';
import { full, wayHarms } from './way-harms.js';

/** A database and a user of its own on a server that asks who it is. */
export async function placeInfluxdb(server: string) {
  const name = `faults_${randomBytes(6).toString('hex')}`;
  const secret = randomBytes(12).toString('hex');
  const { origin, username, password } = new URL(server);
  const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
  const send = async (path: string, body: string | URLSearchParams) => {
    const response = await fetch(`${origin}${path}`, { method: 'POST', headers: { authorization }, body });
    const text = await response.text();
    if (!response.ok || text.includes('"error"')) throw new Error(text);
  };
  const command = (q: string) => send('/query', new URLSearchParams({ q, db: name }));
  const points = people.map(({ id, family, sex, address }, n) =>
    line({
      measurement: 'people',
      tags: { id },
      fields: { family, ...(sex !== '' && { sex }), address },
      time: 1_700_000_000_000_000_000n + BigInt(n),
    }),
  );
  const fill = () => send(`/write?db=${name}&precision=ns`, points.join('\n'));
  await command(`CREATE DATABASE ${name}`);
  await command(`CREATE USER ${name} WITH PASSWORD '${secret}'`);
  await command(`GRANT READ ON ${name} TO ${name}`);
  await fill();
  const direct = Object.assign(new URL(server), { username: name, password: secret, pathname: `/${name}` }).href;
  return { command, fill, name, secret, direct, table: 'people' };
}

export async function faultyInfluxdb(server: string): Promise<FaultySource> {
  const { command, fill, name, secret, direct, table } = await placeInfluxdb(server);
  const proxy = await faultProxy(direct);
  return {
    table,
    open: (timeoutMs) => openInfluxdb({ name: 'influxdb', location: proxy.url, timeoutMs }),
    harms: {
      ...wayHarms(proxy),
      'pool exhausted': full(proxy),
      'credentials revoked': async () => {
        await command(`SET PASSWORD FOR ${name} = 'another'`);
        return () => command(`SET PASSWORD FOR ${name} = '${secret}'`);
      },
      'schema changed under us': async () => {
        await command('DROP MEASUREMENT people');
        return fill;
      },
    },
    async close() {
      await proxy.close();
      await command(`DROP DATABASE ${name}`);
      await command(`DROP USER ${name}`);
    },
  };
}
