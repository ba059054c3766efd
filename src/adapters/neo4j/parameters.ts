import { space } from '../../source/space.js';

/** The values of a statement, bound to `$p0`, `$p1` ... in the order they were added: the text stays the same for other values, and its plan with it. `$space` is white space. */
export class Parameters {
  readonly values: Record<string, unknown> = { space };
  private count = 0;

  readonly add = (value: unknown): string => {
    const name = `p${this.count++}`;
    this.values[name] = value;
    return `$${name}`;
  };
}
