import { describe, expect, test } from '@jest/globals';
import { hexKeys, type KeySpace, letterKeys } from '#demo/keys.js';
import { Random } from '#demo/random.js';

const COUNT = 200_000;

describe.each<[string, (salt: number) => KeySpace, RegExp]>([
  ['hexadecimal', hexKeys, /^[0-9a-f]{8}$/],
  ['lettered', (salt) => letterKeys('S', salt), /^S[0-9a-f]{7}$/],
])('%s keys', (_, space, form) => {
  test('are all different, and no dangling key is one of them', () => {
    const keys = space(42);
    const seen = new Set<string>();
    for (let index = 0; index < COUNT; index++) seen.add(keys.at(index));
    expect(seen.size).toBe(COUNT);
    const random = new Random(1, 2, 3);
    const dangling = Array.from({ length: COUNT }, () => keys.dangling(random.next()));
    expect(dangling.filter((key) => seen.has(key))).toEqual([]);
    expect([...seen, ...dangling].filter((key) => !form.test(key))).toEqual([]);
  });

  test('differ from salt to salt', () => {
    expect(space(1).at(0)).not.toBe(space(2).at(0));
  });
});

describe('Random', () => {
  test('is a function of its words', () => {
    const draws = (seed: number, stream: number, index: number) => {
      const random = new Random(seed, stream, index);
      return [random.next(), random.next(), random.next()];
    };
    expect(draws(1, 2, 3)).toEqual(draws(1, 2, 3));
    const distinct = new Set(
      [draws(1, 2, 3), draws(2, 2, 3), draws(1, 3, 3), draws(1, 2, 4), draws(1, 3, 2)].map(String),
    );
    expect(distinct.size).toBe(5);
  });

  test('draws integers evenly between both ends, from neighbouring streams too', () => {
    const counts = new Map<number, number>();
    for (let index = 0; index < 60_000; index++) {
      const face = new Random(1, 1, index).integer(1, 6);
      counts.set(face, (counts.get(face) ?? 0) + 1);
    }
    expect([...counts.keys()].sort()).toEqual([1, 2, 3, 4, 5, 6]);
    for (const count of counts.values()) expect(Math.abs(count - 10_000)).toBeLessThan(500);
  });
});
