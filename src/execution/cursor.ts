import { createCipheriv, createDecipheriv, createHash } from 'node:crypto';
import type { PermittedQuery } from '../access/restrict.js';
import { Fault } from '../errors/fault.js';
import type { Plan } from '../plan/plan.js';
import { print } from '../query/print.js';
import type { Place } from './order.js';

/** What a `next` link carries: where the traversal stands, and which sources it has given up. */
export interface Cursor {
  readonly place: Place;
  /** Sources that failed earlier: left out, and reported, for the rest of the traversal. */
  readonly excluded: readonly string[];
  /** Epoch milliseconds that `ap` prefixes are measured from. */
  readonly now: number;
}

export interface CursorSeal {
  seal(cursor: Cursor, plan: Plan): string;
  /** @throws {Fault} `invalid-cursor` (not ours, altered, of another query or caller), `expired-cursor` (the mappings changed since). */
  open(text: string, plan: Plan): Cursor;
  /** When the traversal that a cursor goes on with began; undefined when the cursor is none of ours. */
  startedAt(text: string): Date | undefined;
}

interface Sealed {
  readonly q: string;
  readonly m: string;
  readonly s: readonly (string | null)[];
  readonly t: string;
  readonly k: readonly (string | number | boolean | null | readonly [string])[];
  readonly x: readonly string[];
  readonly n: number;
}

const version = 1;
const nonceLength = 12;
const tagLength = 16;

/** Seals with AES-256-GCM: keys of patients' rows must neither be read from a URL nor be made up. */
export function createCursorSeal(key: Buffer, randomBytes: (length: number) => Buffer): CursorSeal {
  return {
    seal({ place, excluded, now }, plan) {
      const sealed: Sealed = {
        q: queryHash(plan.query),
        m: mappingHash(plan),
        s: place.sort,
        t: place.tag,
        k: place.key.map((cell) => (typeof cell === 'bigint' ? [String(cell)] : cell)),
        x: excluded,
        n: now,
      };
      const nonce = randomBytes(nonceLength);
      const cipher = createCipheriv('aes-256-gcm', key, nonce);
      const body = Buffer.concat([cipher.update(JSON.stringify(sealed), 'utf8'), cipher.final()]);
      return Buffer.concat([Buffer.from([version]), nonce, cipher.getAuthTag(), body]).toString('base64url');
    },
    startedAt: (text) => began(text, key),
    open(text, plan) {
      const sealed = decrypt(text, key);
      if (sealed.q !== queryHash(plan.query)) throw invalid();
      if (sealed.m !== mappingHash(plan)) {
        throw new Fault('expired-cursor', 'The mappings changed since this page was linked; start the search again.', {
          expression: 'http._cursor',
        });
      }
      return {
        place: {
          sort: sealed.s,
          tag: sealed.t,
          key: sealed.k.map((cell) =>
            Array.isArray(cell) ? BigInt(cell[0] as string) : (cell as string | number | boolean | null),
          ),
        },
        excluded: sealed.x,
        now: sealed.n,
      };
    },
  };
}

function began(text: string, key: Buffer): Date | undefined {
  try {
    return new Date(decrypt(text, key).n);
  } catch {
    return undefined;
  }
}

function decrypt(text: string, key: Buffer): Sealed {
  const bytes = Buffer.from(text, 'base64url');
  const head = 1 + nonceLength + tagLength;
  if (bytes.length <= head || bytes[0] !== version || bytes.toString('base64url') !== text) throw invalid();
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(1, 1 + nonceLength));
    decipher.setAuthTag(bytes.subarray(1 + nonceLength, head));
    return JSON.parse(
      Buffer.concat([decipher.update(bytes.subarray(head)), decipher.final()]).toString('utf8'),
    ) as Sealed;
  } catch {
    throw invalid();
  }
}

function invalid(): Fault {
  return new Fault('invalid-cursor', 'The page link is not one of this search; start the search again.', {
    expression: 'http._cursor',
  });
}

/** The query without its cursor, and who asked it. */
function queryHash(query: PermittedQuery): string {
  return digest(`${query.caller.name}\n${query.type}\n${print(query)}`);
}

const hashes = new WeakMap<Plan['mappings'], string>();

function mappingHash({ mappings }: Plan): string {
  const known = hashes.get(mappings);
  if (known !== undefined) return known;
  const hash = digest(
    mappings
      .map(({ source, name, hash }) => `${source}/${name}:${hash}`)
      .sort()
      .join('\n'),
  );
  hashes.set(mappings, hash);
  return hash;
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, 22);
}
