/**
 * `npm run prove -- --writes [--cases N] [--seed N]`: a hundred thousand resources that mean ill, asked of every mapping and sent to every
 * writer (tests/property/lens): what is accepted is read back whole, what is refused names a path and changes nothing. Servers are
 * those that the environment names. Exits 1 when a law does not hold.
 */
import { parseArgs } from 'node:util';

const kinds = ['mysql', 'postgres', 'mongodb', 'influxdb', 'neo4j'];

export async function proveWritesOfCommand() {
  const { values } = parseArgs({
    options: {
      writes: { type: 'boolean' },
      cases: { type: 'string', default: '100000' },
      seed: { type: 'string', default: '1' },
    },
  });
  const { proveWrites } = await import('../tests/property/lens/prove.ts');
  const servers = Object.fromEntries(
    kinds.map((kind) => [kind, process.env[`HEALTHSYNC_TEST_${kind.toUpperCase()}_URL`]]).filter(([, url]) => url),
  );
  const began = performance.now();
  const { cases, outcomes, failures } = await proveWrites({
    cases: Number(values.cases),
    seed: Number(values.seed),
    servers,
  });
  for (const failure of failures.slice(0, 50)) console.log(failure);
  console.log(`cases     ${cases}`);
  console.log(`failures  ${failures.length}`);
  console.log(`servers   ${Object.keys(servers).join(', ') || 'none is named'}`);
  console.log(`seconds   ${((performance.now() - began) / 1000).toFixed(0)}`);
  for (const [outcome, times] of Object.entries(outcomes).sort()) console.log(`${outcome.padEnd(20)}  ${times}`);
  return failures.length === 0 && cases >= Number(values.cases) ? 0 : 1;
}
