import type { Fault } from './clerk.js';
import type { Person } from './person.js';
import { TextFile } from './text-file.js';

/** A key that stands in no id: a name may be part of it. */
export interface NativeKey {
  readonly relation: string;
  readonly key: readonly string[];
  readonly facet?: string;
}

/**
 * Notes a resource that must be served: its type, what follows `<source>.` in its id or, where that is stored, the native key, and
 * for a patient who it is.
 */
export type Note = (
  type: string,
  key: string | NativeKey,
  of?: { readonly person: Person; readonly faults?: readonly Fault[] },
) => void;

/**
 * served.ndjson: one line for each resource that the sources on servers must be seen to hold, {"source", "type", "id"}, and for a
 * patient {"person", "faults"}. Equal `person` = the same human, also in truth.ndjson. A stored id is opaque: `native` says in its
 * place {"relation", "key", "facet"}, and a line is there again for each row that is merged into the one.
 */
export class Served {
  readonly #file: TextFile;

  constructor(path: string) {
    this.#file = new TextFile(path);
  }

  of(source: string): Note {
    return (type, key, of) => {
      const who = of && { person: of.person.number, faults: of.faults ?? [] };
      const named = typeof key === 'string' ? { id: `${source}.${key}` } : { native: key };
      this.#file.write(`${JSON.stringify({ source, type, ...named, ...who })}\n`);
    };
  }

  close(): void {
    this.#file.close();
  }
}
