import { expect, test } from '@jest/globals';
import { Fault } from '#src/errors/fault.js';
import type { OpenIntent } from '#src/execution/write/log.js';
import { settle } from '#src/execution/write/settle.js';

const intent = { caller: 'local', type: 'Patient', source: 's', entry: 1, id: 's.1' } as const;

/** [what, of which nothing is known, the version that there is now, how it ended] */
const cases: readonly (readonly [string, Partial<OpenIntent>, string | undefined, 'made' | 'undone' | undefined])[] = [
  ['a create that is there as it was checked', { interaction: 'create', after: 'b' }, 'b', 'made'],
  ['a create that is not there', { interaction: 'create', after: 'b' }, undefined, 'undone'],
  ['a create that was changed since', { interaction: 'create', after: 'b' }, 'c', undefined],
  ['an update that is there as it was checked', { interaction: 'update', before: 'a', after: 'b' }, 'b', 'made'],
  ['an update that is not there', { interaction: 'update', before: 'a', after: 'b' }, 'a', 'undone'],
  ['an update that was changed since', { interaction: 'update', before: 'a', after: 'b' }, 'c', undefined],
  ['an update that was not checked', { interaction: 'update', before: 'a' }, 'a', 'undone'],
  ['an update of what has gone', { interaction: 'update', before: 'a', after: 'b' }, undefined, undefined],
  ['a delete of what is there no more', { interaction: 'delete', before: 'a' }, undefined, 'made'],
  ['a delete of what is there still', { interaction: 'delete', before: 'a' }, 'a', 'undone'],
  ['a delete of what was changed since', { interaction: 'delete', before: 'a' }, 'c', undefined],
];

async function settled(
  open: Partial<OpenIntent>,
  versionOf: () => Promise<string | undefined>,
  running: number[] = [],
  atOnce = false,
) {
  const closed: string[] = [];
  const log = {
    open: () => 0,
    expect: () => {},
    lasting: async () => {},
    close: ([entry]: readonly number[], outcome: string) => closed.push(`${entry} ${outcome}`),
    unfinished: () => [{ ...intent, interaction: 'create', ...open } as OpenIntent],
  };
  const left = await settle(
    { log, now: () => new Date(0), running: new Set(running), atOnce: () => atOnce },
    versionOf,
  );
  return { closed, left };
}

test.each(cases)('%s', async (_, open, version, outcome) => {
  expect(await settled(open, async () => version)).toEqual(
    outcome ? { closed: [`1 ${outcome}`], left: 0 } : { closed: [], left: 1 },
  );
});

test('a create that no key is known of was not kept, but by a source that keeps at once', async () => {
  expect(await settled({ id: undefined as never }, async () => 'b')).toEqual({ closed: ['1 undone'], left: 0 });
  expect(await settled({ id: undefined as never }, async () => 'b', [], true)).toEqual({ closed: [], left: 1 });
});

test('a source that is away leaves it open; a write that still runs is nobody else’s', async () => {
  const away = async () => {
    throw new Fault('source-unavailable', 'Source s cannot be reached');
  };
  expect(await settled({ after: 'b' }, away)).toEqual({ closed: [], left: 1 });
  expect(await settled({ after: 'b' }, async () => 'b', [1])).toEqual({ closed: [], left: 0 });
});
