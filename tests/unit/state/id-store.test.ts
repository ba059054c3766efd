import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { createStoredIds, type StoredIds } from '#src/identity/stored-ids.js';
import { stateDatabase } from '#src/state/database.js';
import { idTable } from '#src/state/id-table.js';
import { secretKey } from '#src/state/secret-key.js';
import { root } from '../../support/source-tree.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'healthsync-ids-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const open = (): StoredIds & { close: () => void } => {
  const state = stateDatabase(folder);
  const secret = secretKey(folder, 'ids.key', randomBytes);
  return { ...createStoredIds(secret, idTable(state, secret)), close: () => state.close() };
};

describe('stored ids', () => {
  test('no two keys have one id, and each id leads back to its key alone, after a restart too', () => {
    const ids = open();
    const made = new Map<string, string>();
    const key = fc.tuple(
      fc.constantFrom('a', 'b'),
      fc.constantFrom('people', 'people2', 'T"x'),
      fc.array(
        fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.constantFrom('a', '["a"]', 'a","b', '\\', ' ')),
        {
          minLength: 1,
          maxLength: 3,
        },
      ),
    );
    fc.assert(
      fc.property(key, ([source, relation, parts]) => {
        const opaque = ids.opaque(source, relation, parts);
        expect(opaque).toMatch(/^[a-z2-7]{16}$/);
        const named = JSON.stringify([source, relation, parts]);
        expect(made.get(opaque) ?? named).toBe(named);
        made.set(opaque, named);
        expect(ids.partsOf(source, relation, opaque)).toEqual(parts);
        expect(ids.partsOf(`${source}!`, relation, opaque)).toBeUndefined();
        expect(ids.partsOf(source, `${relation}!`, opaque)).toBeUndefined();
      }),
      { numRuns: 2_000 },
    );
    expect(new Set(made.values()).size).toBe(made.size);
    ids.keep();
    ids.close();
    const later = open();
    for (const [opaque, named] of made) {
      const [source, relation, parts] = JSON.parse(named) as [string, string, string[]];
      expect(later.partsOf(source, relation, opaque)).toEqual(parts);
      expect(later.opaque(source, relation, parts)).toBe(opaque);
    }
    later.close();
  });

  test('an id that was never made is nobody', () => {
    const ids = open();
    ids.opaque('s', 'people', ['Ada']);
    ids.keep();
    expect(ids.partsOf('s', 'people', 'aaaaaaaaaaaaaaaa')).toBeUndefined();
    expect(ids.partsOf('s', 'people', "' OR 1=1 --")).toBeUndefined();
    ids.close();
  });

  test('what was made and not kept is not there after a restart, and is the same when it is made again', () => {
    const ids = open();
    const opaque = ids.opaque('s', 'people', ['Ada']);
    ids.close();
    const later = open();
    expect(later.partsOf('s', 'people', opaque)).toBeUndefined();
    expect(later.opaque('s', 'people', ['Ada'])).toBe(opaque);
    later.close();
  });

  test('a lost database gives every key the id that it had; a lost key is noticed', () => {
    const ids = open();
    const opaque = ids.opaque('s', 'people', ['Ada']);
    ids.keep();
    ids.close();
    for (const file of ['state.db', 'state.db-wal', 'state.db-shm']) rmSync(join(folder, file), { force: true });
    const again = open();
    expect(again.opaque('s', 'people', ['Ada'])).toBe(opaque);
    again.keep();
    again.close();
    rmSync(join(folder, 'ids.key'));
    const other = open();
    expect(() => other.partsOf('s', 'people', opaque)).toThrow(/another ids\.key/);
    other.close();
  });

  test('two processes give one key one id, and each finds what the other kept', async () => {
    const script = join(folder, 'other.mjs');
    const from = (path: string) => JSON.stringify(join(root, 'dist/src', path));
    writeFileSync(
      script,
      `import { randomBytes } from 'node:crypto';
import { createStoredIds } from ${from('identity/stored-ids.js')};
import { stateDatabase } from ${from('state/database.js')};
import { idTable } from ${from('state/id-table.js')};
import { secretKey } from ${from('state/secret-key.js')};
const folder = ${JSON.stringify(folder)};
const state = stateDatabase(folder);
const secret = secretKey(folder, 'ids.key', randomBytes);
const ids = createStoredIds(secret, idTable(state, secret));
const made = Array.from({ length: 3000 }, (_, i) => ids.opaque('s', 'people', ['Person ' + i]));
ids.keep();
state.close();
process.stdout.write(JSON.stringify(made));
`,
    );
    const run = promisify(execFile);
    const [one, two] = await Promise.all([run(process.execPath, [script]), run(process.execPath, [script])]);
    expect(one.stdout).toBe(two.stdout);
    const made = JSON.parse(one.stdout) as string[];
    const ids = open();
    expect(made.map((opaque) => ids.partsOf('s', 'people', opaque)?.[0])).toEqual(made.map((_, i) => `Person ${i}`));
    ids.close();
  });

  test('two keys of one id are refused, and the first stays', () => {
    const ids = open();
    const opaque = ids.opaque('s', 'people', ['Ada']);
    ids.keep();
    ids.close();
    const state = stateDatabase(folder);
    const table = idTable(state, secretKey(folder, 'ids.key', randomBytes));
    const other = { opaque, source: 's', relation: 'people', key: '["Grace"]' };
    expect(() => table.add([{ ...other, opaque: 'b'.repeat(16) }, other])).toThrow(/one stored id/);
    expect(table.find(opaque)?.key).toBe('["Ada"]');
    expect(table.find('b'.repeat(16))).toBeUndefined();
    state.close();
  });
});

describe('the state database', () => {
  test('is its owner’s alone, its journal too, and is made only when it is needed', () => {
    const state = stateDatabase(folder);
    expect(() => statSync(join(folder, 'state.db'))).toThrow();
    state.open().prepare("INSERT INTO secrets VALUES ('x', 'y')").run();
    for (const file of ['state.db', 'state.db-wal', 'state.db-shm'])
      expect(statSync(join(folder, file)).mode & 0o777).toBe(0o600);
    state.close();
  });

  test('one of a later version is not touched, nor a file that is none', () => {
    const state = stateDatabase(folder);
    state.open();
    state.close();
    const database = new Database(join(folder, 'state.db'));
    database.exec('UPDATE schema_version SET version = 1000');
    database.close();
    expect(() => stateDatabase(folder).open()).toThrow(/later version/);
    rmSync(join(folder, 'state.db'));
    writeFileSync(join(folder, 'state.db'), 'no database, but long enough to be read as one '.repeat(50));
    expect(() => stateDatabase(folder).open()).toThrow(/cannot be opened/);
  });
});
