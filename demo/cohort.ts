import { hexKeys, type KeySpace } from './keys.js';
import { type Person, personAt } from './person.js';
import { ELDERS } from './population.js';
import { mix, Random } from './random.js';

/**
 * The groups of people that the sources on servers write about, as shares of all patients. They lie among the patients of the first
 * hospital and overlap each other, so that one human is in several sources.
 *
 * | group       | sources                                | key                                              |
 * | ---         | ---                                    | ---                                              |
 * | `registry`  | `registry`, `imaging`, `lab`           | a whole number from 1 on (`number`)              |
 * | `ehr`       | `ehr`, `ehr-billing`                   | eight hexadecimal digits (`key`)                 |
 * | `monitored` | `monitoring`, `vitals`, `care-graph`   | none but the name (`nameOf`), which may repeat   |
 */
const GROUPS = {
  registry: { salt: 101, from: 0, share: 0.4 },
  ehr: { salt: 102, from: 0.2, share: 0.25 },
  monitored: { salt: 103, from: 0.3, share: 0.15 },
} as const;
export type Group = keyof typeof GROUPS;

export class Cohort {
  /** How many people are in it. */
  readonly size: number;
  readonly #seed: number;
  readonly #salt: number;
  readonly #first: number;
  readonly #keys: KeySpace;

  constructor(seed: number, group: Group, patients: number) {
    const { salt, from, share } = GROUPS[group];
    this.#seed = seed;
    this.#salt = mix(mix(seed) ^ salt);
    this.#first = ELDERS + Math.floor(patients * from);
    this.#keys = hexKeys(this.#salt);
    this.size = Math.max(1, Math.floor(patients * share));
  }

  /** The person at a place of the group, 0 <= index < size. */
  person(index: number): Person {
    return personAt(this.#seed, this.#first + index);
  }

  /** The number of a member in the registry. */
  number(index: number): number {
    return index + 1;
  }

  key(index: number): string {
    return this.#keys.at(index);
  }

  /** A well-formed key that no member has. */
  dangling(index: number): string {
    return this.#keys.dangling(index);
  }

  /** Randomness for a question about one member; each generator has streams of its own. */
  random(stream: number, index: number): Random {
    return new Random(this.#salt, stream, index);
  }
}

/** The name as one text: how sources without a key know people. */
export function nameOf({ firstName, lastName }: Person): string {
  return `${firstName} ${lastName}`;
}
