import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import type { Bundle, Patient } from '@medplum/fhirtypes';
import { Random } from '#demo/random.js';
import { runHealthsync } from '../support/run-healthsync.js';
import { type ServedProcess, serveProcess } from '../support/served-process.js';
import { type WrittenKind, type WrittenStore, writtenStores } from './written-stores.js';

/** How often the server is killed while it writes, and after how many writes at most: 20 and 1,000 are the proof, a few the test. */
const kills = Number(process.env.HEALTHSYNC_KILLS ?? 2);
const writesEach = Number(process.env.HEALTHSYNC_KILL_WRITES ?? 60);
const atOnce = 8;

/** What was asked of a person, in order, and how far it is known to have been done. */
interface Told {
  readonly sent: string[];
  /** The last that was acknowledged, by its place in `sent`. */
  acknowledged: number;
}

/**
 * Kills the server again and again while it writes: no acknowledged write is lost, none is made by half, and each is accounted for.
 * `url`: of the database's server, where there is one.
 */
export async function killWriters(kind: WrittenKind, url: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'healthsync-killed-'));
  const data = join(folder, 'data');
  mkdirSync(data);
  const store = await writtenStores[kind](url, data);
  const config = configure(folder, store);
  const random = new Random(kind.length, 7, 0);
  const told = new Map<string, Told>();
  let server = await serveProcess(config);
  try {
    for (let n = 0; n < kills; n++) {
      const left = random.integer(Math.ceil(writesEach / 4), writesEach);
      await writeUntilKilled(server, told, left, random);
      server = await serveProcess(config);
      await check(server, told, config);
    }
  } finally {
    await server.kill('SIGTERM');
    await store.drop();
    rmSync(folder, { recursive: true, force: true });
  }
}

function configure(folder: string, { adapter, location, table }: WrittenStore): string {
  const mappings = join(folder, 'register');
  mkdirSync(mappings);
  writeFileSync(
    join(mappings, 'patient.ts'),
    `import type { Patient } from '@medplum/fhirtypes';
     import { map, table } from 'healthsync/mapping';
     const people = table('${table}', { key: ['id'], columns: { id: 'text', family: 'text', phone: 'text' } });
     export const patient = map<Patient>('Patient', {
       name: 'patient',
       id: people.id,
       write: { create: 'row', key: 'client', update: true, updateCreates: true, delete: 'row' },
       to: {
         resourceType: 'Patient',
         name: [{ family: people.text('family') }],
         telecom: [{ system: 'phone', value: people.text('phone') }],
       },
     });`,
  );
  const config = join(folder, 'site.yaml');
  const source = { name: 's', adapter, location, mappings, write: true, timeoutMs: 60_000 };
  writeFileSync(
    config,
    JSON.stringify({
      server: { stateFolder: join(folder, 'state'), limits: { deadlineMs: 60_000 } },
      sources: [source],
    }),
  );
  return config;
}

const person = (id: string, phone: string): Patient => ({
  resourceType: 'Patient',
  id: `s.${id}`,
  name: [{ family: 'Held' }],
  telecom: [{ system: 'phone', value: phone }],
});

/** Writers that go on until the server is killed: people one by one, and twins in one transaction. */
async function writeUntilKilled(server: ServedProcess, told: Map<string, Told>, left: number, random: Random) {
  let done = 0;
  let acknowledged = 0;
  let killed: Promise<void> | undefined;
  const tell = (id: string, value: string) => {
    const one = told.get(id) ?? { sent: [], acknowledged: -1 };
    told.set(id, one);
    const at = one.sent.push(value) - 1;
    return () => {
      one.acknowledged = at;
    };
  };
  const send = async (method: string, path: string, body: object) => {
    const answer = await fetch(`${server.baseUrl}/${path}`, {
      method,
      headers: { 'Content-Type': 'application/fhir+json' },
      body: JSON.stringify(body),
    });
    const text = await answer.text();
    // A source may be busy, or late: such a write is not acknowledged.
    if (answer.status === 503 || answer.status === 504) return false;
    if (answer.status !== 200 && answer.status !== 201) throw new Error(`${answer.status} ${text}`);
    acknowledged++;
    return true;
  };
  const writer = async (k: number) => {
    for (let i = 0; !killed; i++) {
      const value = `w${told.size}-${k}-${i}`;
      try {
        if (k % 2 === 0) {
          const id = `p${k}-${i % 5}`;
          const acknowledge = tell(id, value);
          if (await send('PUT', `Patient/s.${id}`, person(id, value))) acknowledge();
        } else {
          const ids = [`a${k}-${i % 3}`, `b${k}-${i % 3}`];
          const acknowledge = ids.map((id) => tell(id, value));
          const entry = ids.map((id) => ({
            resource: person(id, value),
            request: { method: 'PUT', url: `Patient/s.${id}` },
          }));
          if (await send('POST', '', { resourceType: 'Bundle', type: 'transaction', entry }))
            for (const one of acknowledge) one();
        }
      } catch (error) {
        if (!killed) throw error;
        return;
      }
      if (++done >= left && !killed) {
        killed = new Promise((resolve) => setTimeout(resolve, random.integer(0, 15))).then(() =>
          server.kill('SIGKILL'),
        );
        await killed;
      }
    }
  };
  await Promise.all(Array.from({ length: atOnce }, (_, k) => writer(k)));
  await killed;
  expect(acknowledged).toBeGreaterThan(left / 4);
}

async function check(server: ServedProcess, told: Map<string, Told>, config: string) {
  const found = new Map<string, string>();
  for (let next: string | undefined = `${server.baseUrl}/Patient?_count=100`; next !== undefined; ) {
    const page = (await (await fetch(next)).json()) as Bundle<Patient>;
    for (const { resource, search } of page.entry ?? [])
      if (search?.mode === 'match') found.set(resource!.id!.slice(2), resource!.telecom![0]!.value!);
    next = page.link?.find(({ relation }) => relation === 'next')?.url;
  }
  for (const [id, one] of told) {
    const at = one.sent.lastIndexOf(found.get(id) ?? '');
    // What was sent and not acknowledged may have been kept; what was acknowledged must have been.
    expect({ id, at, kept: at >= one.acknowledged }).toEqual({ id, at, kept: true });
    if (id.startsWith('a')) expect(found.get(`b${id.slice(1)}`)).toBe(found.get(id));
    one.sent.splice(0, at);
    one.acknowledged = at < 0 ? -1 : 0;
  }
  await expect(accounted(config)).resolves.toBe('');
}

/** Every intent is closed, as soon as the server has asked the source. */
async function accounted(config: string): Promise<string> {
  for (let tries = 0; ; tries++) {
    const { out } = await runHealthsync('writes', '--open', '--config', config);
    if (out === '' || tries > 20) return out;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}
