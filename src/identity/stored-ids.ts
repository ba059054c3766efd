import { createHmac } from 'node:crypto';
import { Fault } from '../errors/fault.js';

/** A key of a source that has an id of its own: the texts of its cells as a JSON array. */
export interface IdRecord {
  readonly opaque: string;
  readonly source: string;
  readonly relation: string;
  readonly key: string;
}

/** Where opaque ids are kept. */
export interface IdRecords {
  find(opaque: string): Omit<IdRecord, 'opaque'> | undefined;
  /**
   * Keeps all or none; what it holds already stays.
   * @throws {Fault} `exception` when one of the ids is another key's.
   */
  add(records: readonly IdRecord[]): void;
}

/** Opaque ids for keys that may not stand in one: names of persons, and texts longer than an id. */
export interface StoredIds {
  /** What stands for the key in an id: 16 of `a-z2-7`. It is found again by `partsOf`, at once, and after `keep` for ever. */
  opaque(source: string, relation: string, parts: readonly string[]): string;
  /** The key that was given this id; undefined when none was. */
  partsOf(source: string, relation: string, opaque: string): readonly string[] | undefined;
  /** Keeps every id that was made since the last time: called before an answer leaves. */
  keep(): void;
}

/** Characters of an opaque id: 80 bits, so that of ten million keys two have one with a probability of 4 in 10^11. */
export const opaqueLength = 16;

/** Ids that are made and not kept yet; more are kept at once. */
const mostPending = 2_000;
/** Keys that are remembered, and ids that are known to be kept, in each of two generations. */
const mostRemembered = 10_000;

/**
 * An id is a keyed hash of its key, so that two processes give it the same one, and so does one whose records were lost; the
 * records lead back. A key is stored when its id is first made.
 */
export function createStoredIds(secret: Buffer, records: IdRecords): StoredIds {
  const pending = new Map<string, IdRecord>();
  const remembered = new Remembered<IdRecord>();
  const known = (opaque: string): Omit<IdRecord, 'opaque'> | undefined =>
    pending.get(opaque) ?? remembered.get(opaque) ?? records.find(opaque);
  const keep = () => {
    if (pending.size === 0) return;
    records.add([...pending.values()]);
    for (const record of pending.values()) remembered.set(record.opaque, record);
    pending.clear();
  };
  return {
    opaque(source, relation, parts) {
      const key = JSON.stringify(parts);
      const named = JSON.stringify([source, relation, key]);
      const opaque = base32(createHmac('sha256', secret).update(named).digest());
      const held = pending.get(opaque) ?? remembered.get(opaque);
      if (held === undefined) {
        pending.set(opaque, { opaque, source, relation, key });
        if (pending.size >= mostPending) keep();
      } else if (held.source !== source || held.relation !== relation || held.key !== key) throw collision(source);
      return opaque;
    },
    partsOf(source, relation, opaque) {
      const found = known(opaque);
      if (found?.source !== source || found.relation !== relation) return undefined;
      return JSON.parse(found.key) as readonly string[];
    },
    keep,
  };
}

/** Two keys of one id are never merged: neither is served under it. */
export function collision(source: string): Fault {
  return new Fault('exception', 'Two keys have come to one stored id; what they name is not served.', { source });
}

/** Stored ids that end with the process, the same in each: for examples and checks, never to be served. */
export function exampleIds(): StoredIds {
  const records = new Map<string, IdRecord>();
  return createStoredIds(Buffer.alloc(32), {
    find: (opaque) => records.get(opaque),
    add: (more) => {
      for (const record of more) records.set(record.opaque, record);
    },
  });
}

const alphabet = 'abcdefghijklmnopqrstuvwxyz234567';

/** The first 80 bits as RFC 4648 writes them in base 32, in lower case. */
function base32(digest: Buffer): string {
  let text = '';
  for (let at = 0; at < opaqueLength; at++) {
    const bit = at * 5;
    const pair = digest.readUInt16BE(bit >> 3);
    text += alphabet[(pair >> (11 - (bit & 7))) & 31];
  }
  return text;
}

/** The latest so many values, and at most as many older ones. */
class Remembered<T> {
  private young = new Map<string, T>();
  private old = new Map<string, T>();

  get(name: string): T | undefined {
    return this.young.get(name) ?? this.old.get(name);
  }

  set(name: string, value: T): void {
    if (this.young.size >= mostRemembered) {
      this.old = this.young;
      this.young = new Map();
    }
    this.young.set(name, value);
  }
}
