import type { Expression } from '../../source/expression.js';
import { and, not, type Selection } from '../../source/selection.js';
import { type Bracket, exactly, never, or } from '../bracket.js';
import { type Codec, EncodeError, type ValueTest } from '../codec.js';
import { held } from './held.js';
import { passes } from './text.js';

const was = held('text');

/** Local text -> FHIR code. Several texts may mean one code; then `canonical` says which is written. */
export interface Codes<T extends string> {
  readonly codes: Readonly<Record<string, T>>;
  readonly canonical?: Readonly<Partial<Record<T, string>>>;
  /** The code of every other text, where the code itself says that nothing more is known (`unknown`). */
  readonly otherwise?: T;
  /** The code of a column that holds nothing, where the table means one by that: a stay that has not ended is in progress. */
  readonly absent?: T;
}

/** A column of local codes as a FHIR `code`. Finite, so every search is its exact inverse image. */
export function codes<T extends string>(table: Codes<T>): Codec<T> {
  const forward = new Map(Object.entries(table.codes) as [string, T][]);
  const inverse = new Map<string, string[]>();
  for (const [local, code] of forward) inverse.set(code, [...(inverse.get(code) ?? []), local]);
  const { absent } = table;
  const alone = [...inverse].every(([code, locals]) => locals.length === 1 && code !== absent);
  return {
    // Without a text for any code, the code follows from what another element says of the column.
    kind: forward.size === 0 ? 'readonly' : alone ? 'iso' : 'normalising',
    as: 'text',
    type: 'code',
    table,
    ...(absent !== undefined && { absent }),
    decode: (value) => forward.get(value as string) ?? table.otherwise,
    encode: (value, previous) => {
      const text = was(previous);
      if (text === null && value === absent) return previous ?? null;
      if (text !== null && (forward.get(text as string) ?? table.otherwise) === value) return previous!;
      const locals = inverse.get(value) ?? [];
      const chosen = locals.length === 1 ? locals[0] : table.canonical?.[value];
      return chosen ?? new EncodeError(`The source has no one code for ${value}.`);
    },
    preimage: (test, of) => {
      const there = present(test, of);
      return absent !== undefined && passes(absent, test) ? or(there, exactly(not({ op: 'present', of }))) : there;
    },
    order: () => undefined,
  };

  /** The rows whose text has a code that passes. */
  function present(test: ValueTest, of: Expression): Bracket {
    if (table.otherwise !== undefined && passes(table.otherwise, test)) {
      const others = [...forward].filter(([, code]) => !passes(code, test)).map(([local]) => local);
      const held: Selection = { op: 'present', of };
      return exactly(others.length === 0 ? held : and(held, not({ op: 'in', of, values: others })));
    }
    if (test.test === 'present')
      return forward.size === 0 ? never : exactly({ op: 'in', of, values: [...forward.keys()] });
    const locals = [...inverse].filter(([code]) => passes(code, test)).flatMap(([, texts]) => texts);
    return locals.length > 0 ? exactly({ op: 'in', of, values: locals }) : never;
  }
}
