import { local } from '../access/caller.js';
import { type PermittedQuery, restrict } from '../access/restrict.js';
import type { Configuration } from '../config/configuration.js';
import { Fault } from '../errors/fault.js';
import { outcomeOf } from '../errors/outcome.js';
import type { Engine } from '../execution/engine.js';
import { readAlone } from '../http/route.js';
import { interactionsOf } from '../interactions/interaction.js';
import { parsePairs } from '../interactions/query-string.js';
import { interactions } from '../interactions/table.js';
import { withoutUnsortable } from '../interactions/unsortable.js';
import { print } from '../query/print.js';
import { acrossLinks } from '../search/across-links.js';
import { parse } from '../search/parse.js';
import type { Run } from './command.js';
import { explanationText } from './explanation-text.js';
import { readConfiguration } from './read-configuration.js';

/** `healthsync explain`: the plan of a search, as it would run. A search that the server would refuse ends with 2. */
export const explain: Run = async (values, [asked = '']) => {
  const configuration = await readConfiguration(values);
  const baseUrl = configuration.server.baseUrl ?? `http://${configuration.server.host}/fhir`;
  const { composeEngine, now } = await import('../compose.js');
  const engine = await composeEngine(configuration, baseUrl);
  try {
    const query = readSearch(asked, { engine, configuration, baseUrl, now: now() });
    if (!('conditions' in query)) return refuse(query, values.json === true);
    const explanation = await engine.explain(query);
    const search = `${query.type}?${print(query)}`;
    process.stdout.write(
      values.json === true
        ? `${json({ search, ...explanation })}\n`
        : explanationText(search, explanation, values.plan === true),
    );
    return 0;
  } finally {
    await engine.close();
  }
};

interface Setting {
  readonly engine: Engine;
  readonly configuration: Configuration;
  readonly baseUrl: string;
  readonly now: Date;
}

/** The search as the server would read it, or the fault with which it would refuse it. */
function readSearch(
  asked: string,
  { engine, configuration: { server }, baseUrl, now }: Setting,
): PermittedQuery | Fault {
  const [path = '', search = ''] = asked.replace(/^\//, '').split(/\?(.*)/s);
  try {
    const capability = engine.types.get(path);
    if (capability && !interactionsOf(capability, interactions).some(({ name }) => name === 'search-type'))
      throw readAlone(path);
    if (!capability)
      throw new Fault(
        'unknown-type',
        `This server has no resource type of that name; it has ${[...engine.types.keys()].join(', ')}.`,
      );
    const { query } = parse(path, parsePairs(search), {
      baseUrl,
      now,
      maxCount: server.limits.count.max,
      defaultCount: server.limits.count.default,
      handling: 'none',
      supported: (type) => engine.types.get(type)?.parameters ?? new Map(),
      leadsTo: (type, code) => engine.types.get(type)?.targets.get(code) ?? [],
    });
    const sorted = withoutUnsortable(query, capability, 'strict').query;
    return restrict(acrossLinks(sorted, engine.links).query, local);
  } catch (error) {
    if (error instanceof Fault) return error;
    throw error;
  }
}

function refuse(fault: Fault, asJson: boolean): number {
  const outcome = outcomeOf(fault);
  if (asJson) process.stdout.write(`${json(outcome)}\n`);
  for (const { diagnostics, expression } of outcome.issue ?? []) {
    process.stderr.write(`healthsync: ${expression ? `${expression.join(', ')}: ` : ''}${diagnostics ?? ''}\n`);
  }
  return 2;
}

function json(value: unknown): string {
  return JSON.stringify(value, (_, each) => (typeof each === 'bigint' ? String(each) : each), 2);
}
