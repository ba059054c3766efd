import type { Code, Raw } from '../code.js';
import type { Kind } from '../kind.js';
import type { Reading } from '../reading.js';

/** What a mapping says, before it is written. */
export interface Recipe {
  readonly exists?: Raw;
  readonly because?: Readonly<Record<string, string>>;
  /** Elements in the order in which R4 has them. */
  readonly to: Readonly<Record<string, Code | undefined>>;
}

/** How rows of a kind become a resource; a text instead: why they do not. */
export type Cook = (reading: Reading) => Recipe | string;

export type Cooks = Readonly<Record<Kind, Cook>>;
