import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { foldedAlike } from '#src/adapters/duckdb/expression-sql.js';
import type { Adapter } from '#src/source/adapter.js';
import { fold } from '#src/source/fold.js';
import { trim } from '#src/source/space.js';
import { inFolder, rowsOf, scanOf, table } from './folder.js';

const texts = table('texts', ['n'], { n: ['n'], text: ['text'] });
const folded = { column: 'text', as: 'fold' } as const;

/** The numbers of the texts whose fold, as the database has it, is not the one of fold.ts. */
async function differing(
  adapter: Adapter,
  put: (name: string, content: string) => Promise<void>,
  all: readonly string[],
) {
  await put('texts.ndjson', all.map((text, n) => `${JSON.stringify({ n, text })}\n`).join(''));
  const wanted = all.map((text, n) => ({ n, fold: fold(trim(text)) })).filter(({ n }) => trim(all[n]!) !== '');
  const order = [
    { of: folded, direction: 'asc' },
    { of: { column: 'n', as: 'integer' }, direction: 'asc' },
  ] as const;
  const rows = await rowsOf(adapter, scanOf(texts, { where: { op: 'present', of: folded }, order }));
  const sorted = wanted.sort((a, b) => Buffer.compare(Buffer.from(a.fold), Buffer.from(b.fold)) || a.n - b.n);
  const moved = rows.flatMap(([n], i) => (n === sorted[i]?.n ? [] : [[n, all[Number(n)], sorted[i]?.n]]));
  return { counted: rows.length - wanted.length, moved: moved.slice(0, 5) };
}

const same = { counted: 0, moved: [] };
const assigned = Array.from({ length: 0x110000 }, (_, point) => point).filter(
  (point) => (point < 0xd800 || point > 0xdfff) && !/\p{Cn}|\p{Co}/u.test(String.fromCodePoint(point)),
);
const letters = assigned.map((point) => String.fromCodePoint(point));
const native = new RegExp(`^(?:${foldedAlike.replaceAll('\\x{', '\\u{')})$`, 'u');
const one = (of: readonly string[]) => fc.nat(of.length - 1).map((i) => of[i]!);

describe('fold in DuckDB is fold.ts', () => {
  test('of each character that DuckDB folds itself, alone and between letters', async () => {
    const own = letters.filter((letter) => native.test(letter));
    expect(own.length).toBeGreaterThan(20_000);
    await inFolder({}, async (adapter, put) => {
      expect(await differing(adapter, put, own)).toEqual(same);
      expect(
        await differing(
          adapter,
          put,
          own.map((letter) => `A${letter}b`),
        ),
      ).toEqual(same);
      expect(
        await differing(
          adapter,
          put,
          own.map((letter) => `E\u0301${letter.normalize('NFD')}\u0327`),
        ),
      ).toEqual(same);
    });
  });

  test('of every assigned character', async () => {
    await inFolder({}, async (adapter, put) => {
      expect(
        await differing(
          adapter,
          put,
          letters.map((letter) => `a${letter}`),
        ),
      ).toEqual(same);
    });
  });

  test('of random texts of such characters', async () => {
    const own = letters.filter((letter) => native.test(letter));
    const marks = own.filter((letter) => /\p{M}/u.test(letter));
    const letter = fc.oneof(one(own), one(marks), one([...'ΣσςİıſKÅß']), one(letters));
    const text = fc.array(letter, { maxLength: 8 }).map((parts) => parts.join(''));
    await inFolder({}, async (adapter, put) => {
      expect(await differing(adapter, put, fc.sample(text, { numRuns: 20_000, seed: 4711 }))).toEqual(same);
    });
  });
});
