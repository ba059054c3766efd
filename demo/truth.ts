import { isoDate } from './calendar.js';
import type { Fault } from './clerk.js';
import type { Person } from './person.js';
import { TextFile } from './text-file.js';

/**
 * truth.ndjson: one line for each patient record, {"person", "id", "birthDate", "faults"}. Equal `person` = the same human;
 * `id` is the id of the Patient resource, <source>.<native key>; `birthDate` is the true one, whatever the record says.
 */
export class Truth {
  readonly #file: TextFile;

  constructor(path: string) {
    this.#file = new TextFile(path);
  }

  add(source: string, key: string, person: Person, faults: readonly Fault[]): void {
    const line = { person: person.number, id: `${source}.${key}`, birthDate: isoDate(person.birthDay), faults };
    this.#file.write(`${JSON.stringify(line)}\n`);
  }

  close(): void {
    this.#file.close();
  }
}
