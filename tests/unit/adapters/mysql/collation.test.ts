import { expect, test } from '@jest/globals';
import { createConnection } from 'mysql2/promise';
import { fold } from '#src/source/fold.js';
import { serverUrl } from '../../../support/server-url.js';

const url = serverUrl('HEALTHSYNC_TEST_MYSQL_URL');

test('a letter that folds to ASCII is to utf8mb4_general_ci that letter, or beyond ASCII', async () => {
  const client = await createConnection({ uri: url, charset: 'utf8mb4' });
  const astray: string[] = [];
  const letters = Array.from({ length: 0x1fa00 - 0x80 }, (_, i) => 0x80 + i)
    .filter((point) => point < 0xd800 || point > 0xdfff)
    .map((point) => String.fromCodePoint(point));
  const folded = fold(letters.join('\n')).split('\n');
  const pairs = letters.map((letter, i) => [letter, folded[i]!] as const).filter(([, to]) => /^[\0-\x7f]*$/.test(to));
  expect(pairs.length).toBeGreaterThan(2_000);
  for (let from = 0; from < pairs.length; from += 500) {
    const some = pairs.slice(from, from + 500);
    const asked = some.map(() => '(? COLLATE utf8mb4_general_ci = ? OR ? COLLATE utf8mb4_general_ci > _utf8mb4 0x7f)');
    const [rows] = await client.query(
      { sql: `SELECT ${asked.join(', ')}`, rowsAsArray: true },
      some.flatMap(([a, b]) => [a, b, a]),
    );
    (rows as unknown as number[][])[0]!.forEach((holds, i) => {
      if (Number(holds) !== 1) astray.push(some[i]![0]);
    });
  }
  await client.end();
  expect(astray).toEqual([]);
});
