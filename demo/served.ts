import type { Fault } from './clerk.js';
import type { Person } from './person.js';
import { TextFile } from './text-file.js';

/** Notes a resource that must be served: its type, what follows `<source>.` in its id, and for a patient who it is. */
export type Note = (
  type: string,
  key: string,
  of?: { readonly person: Person; readonly faults?: readonly Fault[] },
) => void;

/**
 * served.ndjson: one line for each resource that the sources on servers must be seen to hold, {"source", "type", "id"}, and for a
 * patient {"person", "faults"}. Equal `person` = the same human, also in truth.ndjson.
 */
export class Served {
  readonly #file: TextFile;

  constructor(path: string) {
    this.#file = new TextFile(path);
  }

  of(source: string): Note {
    return (type, key, of) => {
      const who = of && { person: of.person.number, faults: of.faults ?? [] };
      this.#file.write(`${JSON.stringify({ source, type, id: `${source}.${key}`, ...who })}\n`);
    };
  }

  close(): void {
    this.#file.close();
  }
}
