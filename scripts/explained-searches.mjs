/**
 * `node scripts/explained-searches.mjs [--config FILE]`: what each database's own EXPLAIN says of ten searches for each kind of
 * database (tests/cases/explained-searches.json), over the sources of a configuration; without one, of demo/all.yaml, whose servers
 * the environment names (`healthsync generate --demo all` fills them).
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { composeEngine } from '#src/compose.js';
import { loadConfiguration } from '#src/config/load-configuration.js';
import './typescript.mjs';

const { planned } = await import('../tests/support/native-queries.ts');
const { explanationText } = await import('#src/commands/explanation-text.js');
const path = (name) => new URL(name, import.meta.url).pathname;
const { values } = parseArgs({ options: { config: { type: 'string', default: path('../demo/all.yaml') } } });
const asked = JSON.parse(readFileSync(path('../tests/cases/explained-searches.json'), 'utf8'));
const baseUrl = 'http://127.0.0.1/fhir';
const engine = await composeEngine(loadConfiguration(values.config), baseUrl);
for (const { kind, source, searches } of asked) {
  console.log(`\n## ${kind}, ${source}\n`);
  for (const search of Object.keys(searches)) {
    const explanation = await planned({ engine, baseUrl }, search);
    const own = explanation.sources.filter((one) => one.source === source);
    console.log(explanationText(search, { ...explanation, sources: own, pruned: [], chains: [] }, true));
  }
}
await engine.close();
