import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { stateDatabase } from '#src/state/database.js';
import { Flush } from '#src/state/flush.js';
import { writeLog } from '#src/state/write-log.js';

describe('what is to survive a loss of power', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'flush-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  test('is waited for together by those who come while the disk is busy, and never with a visit that began before', async () => {
    const path = join(folder, 'file');
    writeFileSync(path, 'x');
    const flush = new Flush(path);
    const ended: string[] = [];
    const asked = (name: string) => flush.now().then(() => ended.push(name));
    const first = asked('first');
    const second = flush.now();
    // Neither is served by the visit that had begun before they asked.
    expect(flush.now()).toBe(second);
    await Promise.all([first, second.then(() => ended.push('second'))]);
    expect(ended).toEqual(['first', 'second']);
    await asked('after');
    expect(ended).toEqual(['first', 'second', 'after']);
    flush.close();
    await expect(flush.now()).rejects.toMatchObject({ code: 'exception' });
  });

  test('of the record of writes lies in its write-ahead log, which stays the same file', async () => {
    const state = stateDatabase(folder);
    await state.lasting();
    const log = writeLog(state);
    const intent = { caller: 'c', interaction: 'create', type: 'Patient', source: 's' } as const;
    const first = log.open(intent, new Date());
    await log.lasting();
    const wal = () => statSync(join(folder, 'state.db-wal')).ino;
    const before = wal();
    const entries = Array.from({ length: 2000 }, () => log.open(intent, new Date()));
    for (const entry of entries) log.expect(entry, { id: `s.${entry}`, after: 'v' });
    await log.lasting();
    // Long enough for its content to have been taken over, and for it to have begun again.
    expect(wal()).toBe(before);
    log.close([first, ...entries], 'made', new Date());
    log.close([], 'made', new Date());
    expect(log.unfinished()).toEqual([]);
    state.close();
  });
});
