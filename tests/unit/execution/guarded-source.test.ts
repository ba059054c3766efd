import { spawnSync } from 'node:child_process';
import { expect, test } from '@jest/globals';
import { root } from '../../support/source-tree.js';

test('a point read that fails while it waits for its turn ends with its Fault, not with the process', () => {
  const program = `
    import { guardSource } from '#src/execution/guarded-source.js';
    const adapter = {
      async *scan() { await new Promise((resolve) => setTimeout(resolve, 200)); },
      get: () => new Promise((_, reject) => setTimeout(() => reject(new Error('gone')), 20)),
    };
    const source = guardSource({ name: 'a', adapter, timeoutMs: 1000, concurrency: 1 });
    const call = { signal: new AbortController().signal, deadline: performance.now() + 1000 };
    const scan = source.rows({}, call);
    const word = await source.get({}, [], [], call).catch((error) => error.message);
    await scan;
    process.stdout.write(word);`;
  const { status, stdout } = spawnSync(process.execPath, ['--input-type=module', '--eval', program], {
    cwd: root,
    encoding: 'utf8',
    env: {},
  });
  expect([status, stdout]).toEqual([0, expect.stringMatching(/\w/)]);
});
