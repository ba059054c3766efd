import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { OperationOutcome } from '@medplum/fhirtypes';
import { type Answer, ask, type Interaction, interactions, isHealthy, judge, preferences } from './asking.js';
import { type Federation, serveBeside, TIMEOUT_MS } from './federation.js';
import { faultySqlite } from './files.js';
import type { FaultySource, Harm } from './harm.js';

/** So many failures, of not fewer than ten a second for half a minute, open a breaker, which tries again after ten seconds. */
const failures = 320;

let source: FaultySource;
let federations: readonly (Federation & { readonly required: boolean })[];
beforeAll(async () => {
  source = await faultySqlite();
  const { table } = source;
  const serve = async (required: boolean) => ({
    required,
    ...(await serveBeside({
      name: 'sqlite',
      adapter: source.open(TIMEOUT_MS),
      table,
      required,
      timeoutMs: TIMEOUT_MS,
    })),
  });
  federations = [await serve(false), await serve(true)];
});
afterAll(async () => {
  for (const { stop } of federations ?? []) await stop();
  await source?.close();
});

const askAll = async (baseUrl: string) => {
  const answers = new Map<Interaction, Answer>();
  for (const interaction of interactions) answers.set(interaction, await ask(baseUrl, 'sqlite', interaction));
  return answers;
};

test('a source that has been failing is not asked, is named all the same, and is asked again without a restart', async () => {
  const whole = await askAll(federations[0]!.baseUrl);
  const end = await (source.harms.refused as Harm)();
  try {
    for (const { baseUrl, required } of federations) {
      for (let asked = 0; asked < failures; asked += 16)
        await Promise.all(Array.from({ length: 16 }, () => ask(baseUrl, 'sqlite', 'read')));
      const { body } = await ask(baseUrl, 'sqlite', 'read');
      expect((body as OperationOutcome).issue[0]!.diagnostics).toMatch(/is not asked for a while/);
      for (const interaction of interactions)
        for (const preference of preferences) {
          const answer = await ask(baseUrl, 'sqlite', interaction, preference);
          const { said, wrong } = judge(answer, whole.get(interaction)!, 'sqlite', required);
          expect([interaction, preference, wrong]).toEqual([interaction, preference, []]);
          expect(said).toMatch(/^(503 )?source-unavailable$|^503 incomplete$/);
        }
    }
  } finally {
    await end();
  }
  for (const { baseUrl } of federations) {
    const deadline = performance.now() + 20_000;
    let answers = await askAll(baseUrl);
    while (![...answers.values()].every((answer) => isHealthy(answer, 'sqlite')) && performance.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, 500));
      answers = await askAll(baseUrl);
    }
    expect([...answers.values()].filter((answer) => !isHealthy(answer, 'sqlite'))).toEqual([]);
  }
}, 90_000);
