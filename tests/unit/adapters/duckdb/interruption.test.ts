import { describe, expect, test } from '@jest/globals';
import type { Adapter } from '#src/source/adapter.js';
import type { Selection } from '#src/source/selection.js';
import { inFolder, patient, rowsOf, scanOf, table } from './folder.js';

const people = table('people', ['id'], { id: ['id'], name: ['name'] });
const csv = `id,name\n${Array.from({ length: 300_000 }, (_, n) => `${n},Náme Σ ${n}\n`).join('')}`;
const folded = { column: 'name', as: 'fold' } as const;
/** Slow: each name is folded and searched many times, and none is found. */
const slow: Selection = {
  op: 'or',
  of: Array.from({ length: 100 }, (_, n) => ({ op: 'contains', of: folded, value: `nobody ${n}` })),
};

async function took(
  adapter: Adapter,
  stop: (abort: AbortController) => { deadline?: number },
): Promise<{ code: unknown; ms: number }> {
  const abort = new AbortController();
  let at = performance.now();
  const { deadline = performance.now() + 60_000 } = stop(abort);
  abort.signal.addEventListener('abort', () => {
    at = performance.now();
  });
  try {
    await rowsOf(adapter, scanOf(people, { where: slow }), { signal: abort.signal, deadline });
    return { code: 'finished', ms: 0 };
  } catch (error) {
    return { code: (error as { code?: unknown }).code, ms: performance.now() - (abort.signal.aborted ? at : deadline) };
  }
}

const middle = (of: readonly number[]) => [...of].sort((a, b) => a - b)[of.length >> 1]!;

describe('interruption', () => {
  test('an abort takes effect within 100 ms, a deadline soon, and the adapter stays well', async () => {
    await inFolder({ 'people.csv': csv }, async (adapter) => {
      expect((await adapter.get(people, scanOf(people).output, ['5'], patient())).rows.length).toBe(1);
      const aborts: number[] = [];
      const deadlines: number[] = [];
      for (const after of [5, 15, 30, 50, 80]) {
        const aborted = await took(adapter, (abort) => {
          setTimeout(() => abort.abort(), after);
          return {};
        });
        expect(aborted.code).toBe('cancelled');
        aborts.push(aborted.ms);
        const late = await took(adapter, () => ({ deadline: performance.now() + after }));
        expect(late.code).toBe('source-timeout');
        deadlines.push(late.ms);
      }
      // The middle of five: a busy machine may hold any one back.
      expect(middle(aborts)).toBeLessThan(100);
      expect(middle(deadlines)).toBeLessThan(250);
      expect((await adapter.get(people, scanOf(people).output, ['299999'], patient())).rows.length).toBe(1);
    });
  });

  test('many readers that stop early leave nothing running', async () => {
    await inFolder({ 'people.csv': csv }, async (adapter) => {
      await Promise.all(
        Array.from({ length: 12 }, async () => {
          for await (const { rows } of adapter.scan(scanOf(people), patient())) {
            expect(rows.length).toBeGreaterThan(0);
            return;
          }
        }),
      );
      expect(await adapter.count(people, { op: 'true' }, patient())).toBe(300_000);
    });
  });

  test('a slow reader holds no place that another needs', async () => {
    await inFolder({ 'people.csv': csv }, async (adapter) => {
      const readers = Array.from({ length: 8 }, () => adapter.scan(scanOf(people), patient())[Symbol.asyncIterator]());
      for (const reader of readers) expect((await reader.next()).done).toBe(false);
      expect((await adapter.get(people, scanOf(people).output, ['7'], patient())).rows.length).toBe(1);
      for (const reader of readers) await reader.return?.();
    });
  });
});
