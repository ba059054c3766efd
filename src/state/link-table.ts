import type Database from 'better-sqlite3';
import { linkedSources, type StateDatabase } from './database.js';

/** An end of a link (identity/links.ts): the id of a resource (`space` empty), or a key of a key space. */
interface End {
  readonly type: string;
  readonly space: string;
  readonly key: string;
}

/** Two ends of one type that are one. */
export type Link = readonly [End, End];

/**
 * Links in the state database. Each end is in one group, whose members are all that it is linked with, directly or not; the links
 * as they were declared stand beside them, so that one can be taken back.
 */
export function linkTable(state: StateDatabase) {
  let statements: ReturnType<typeof prepare> | undefined;
  const ready = () => {
    statements ??= prepare(state.open());
    return statements;
  };
  return {
    version: (): number => ready().version(),
    linked: (): readonly { readonly type: string; readonly source: string }[] => ready().linked(),
    groupOf: (end: End): readonly Omit<End, 'type'>[] => ready().groupOf(end),
    /** Adds links, all or none; the number of those that were new. */
    add: (links: readonly Link[]): number => ready().add.immediate(links),
    /** Takes links back, all or none; the number of those that were there. */
    remove: (links: readonly Link[]): number => ready().remove.immediate(links),
  };
}

function prepare(database: Database.Database) {
  const groupId = database
    .prepare<[string, string, string], number>('SELECT team FROM link_ends WHERE type = ? AND space = ? AND key = ?')
    .pluck();
  const members = database.prepare<[string, string, string], Omit<End, 'type'>>(
    `SELECT other.space, other.key FROM link_ends own JOIN link_ends other ON other.team = own.team
     WHERE own.type = ? AND own.space = ? AND own.key = ?`,
  );
  const size = database.prepare<[number], number>('SELECT count(*) FROM link_ends WHERE team = ?').pluck();
  const newGroup = database.prepare<[], number>('SELECT coalesce(max(team), 0) + 1 FROM link_ends').pluck();
  const put = database.prepare(
    'INSERT INTO link_ends VALUES (?, ?, ?, ?) ON CONFLICT (type, space, key) DO UPDATE SET team = excluded.team',
  );
  const merge = database.prepare<[number, number]>('UPDATE link_ends SET team = ? WHERE team = ?');
  const drop = database.prepare<[string, string, string]>(
    'DELETE FROM link_ends WHERE type = ? AND space = ? AND key = ?',
  );
  const insert = database.prepare('INSERT INTO links VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING');
  const erase = database.prepare(
    'DELETE FROM links WHERE type = ? AND one_space = ? AND one_key = ? AND other_space = ? AND other_key = ?',
  );
  const beside = database.prepare<[Record<string, string>], Omit<End, 'type'>>(
    `SELECT other_space AS space, other_key AS key FROM links WHERE type = :type AND one_space = :space AND one_key = :key
     UNION SELECT one_space, one_key FROM links WHERE type = :type AND other_space = :space AND other_key = :key`,
  );
  const types = database.prepare<[], { type: string; source: string }>('SELECT type, source FROM link_sources');
  const noteSource = database.prepare<[string, string]>(
    'INSERT INTO link_sources VALUES (?, ?) ON CONFLICT DO NOTHING',
  );
  const told = database.prepare<[], number>('SELECT changed FROM links_changed').pluck();
  const changed = database.prepare('UPDATE links_changed SET changed = changed + 1');

  const note = (end: End) => {
    const ids = members.all(end.type, end.space, end.key).filter(({ space }) => space === '');
    noteSource.run(end.type, '');
    if (ids.length > 1) for (const { key } of ids) noteSource.run(end.type, key.split('.')[0]!);
  };
  const join = (one: End, other: End) => {
    const [a, b] = [one, other].map(({ type, space, key }) => groupId.get(type, space, key));
    if (a !== undefined && b !== undefined) {
      if (a === b) return;
      const [large, small] = size.get(a)! < size.get(b)! ? [b, a] : [a, b];
      merge.run(large, small);
      return;
    }
    const group = a ?? b ?? newGroup.get()!;
    for (const { type, space, key } of [one, other]) put.run(type, space, key, group);
  };
  /** Whatever can still be reached from an end is a group of its own. */
  const regroup = (from: End) => {
    const reached = new Map<string, End>([[JSON.stringify(from), from]]);
    for (const end of reached.values())
      for (const near of beside.all({ ...end })) {
        const next = { type: end.type, space: near.space, key: near.key };
        reached.set(JSON.stringify(next), next);
      }
    if (reached.size === 1) {
      drop.run(from.type, from.space, from.key);
      return;
    }
    const group = newGroup.get()!;
    for (const { type, space, key } of reached.values()) put.run(type, space, key, group);
  };
  return {
    version: () => told.get()!,
    linked: () => types.all(),
    groupOf: ({ type, space, key }: End) => members.all(type, space, key),
    add: database.transaction((links: readonly Link[]) => {
      let added = 0;
      for (const [one, other] of links.map(inOrder)) {
        if (insert.run(one.type, one.space, one.key, other.space, other.key).changes === 0) continue;
        join(one, other);
        note(one);
        added++;
      }
      if (added > 0) changed.run();
      return added;
    }),
    remove: database.transaction((links: readonly Link[]) => {
      let removed = 0;
      for (const [one, other] of links.map(inOrder)) {
        if (erase.run(one.type, one.space, one.key, other.space, other.key).changes === 0) continue;
        regroup(one);
        regroup(other);
        removed++;
      }
      if (removed > 0) {
        database.exec(`DELETE FROM link_sources; INSERT INTO link_sources ${linkedSources}`);
        changed.run();
      }
      return removed;
    }),
  };
}

/** A link is the same in both directions. */
function inOrder([one, other]: Link): Link {
  return one.space < other.space || (one.space === other.space && one.key <= other.key) ? [one, other] : [other, one];
}
