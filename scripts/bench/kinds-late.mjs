/** Serves sources of people of the kinds that are named, every answer of each begun late: `{kinds, delay}`. */
import { late } from './late.mjs';
import { opened } from './people-of-kinds.mjs';

const { servePeople } = await import('../../tests/faults/federation.ts');
const { kinds, delay } = JSON.parse(process.argv[2]);
const timeoutMs = 10_000;
const sources = [];
for (const name of kinds) {
  const { adapter, table } = await opened(name, timeoutMs);
  sources.push({ name, table, adapter: late(adapter, delay), required: false, timeoutMs });
}
const { baseUrl } = await servePeople(sources);
process.stdout.write(`serves ${new URL(baseUrl).port}\n`);
process.once('SIGTERM', () => process.exit(0));
