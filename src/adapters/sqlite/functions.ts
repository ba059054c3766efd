import { evaluator } from '../../source/evaluate.js';
import type { Expression } from '../../source/expression.js';
import type { Cell } from '../../source/row.js';
import { decimalKey } from '../sql/decimal-key.js';
import type { Meter } from './meter.js';

type Register = (name: string, run: (...values: unknown[]) => unknown) => void;

/** The functions that a connection knows besides SQLite's: expressions as `source/evaluate.ts` means them, so that SQL cannot differ. */
export class Functions {
  private readonly names = new Map<string, string>();
  private readonly byObject = new WeakMap<Expression, string>();
  private readonly left = new Map<string, string>();

  constructor(
    private readonly register: Register,
    meter: Meter,
  ) {
    register('hs_tick', (...position) => {
      meter.row(position);
      return 1;
    });
    register('hs_tick_found', (value) => {
      meter.found = value;
      return value;
    });
    register('hs_tick_inner', () => {
      meter.step();
      return 1;
    });
  }

  /** Name of the function that gives an expression's value as it is bound by `bindValue`. */
  value(of: Expression): string {
    let name = this.byObject.get(of);
    if (name !== undefined) return name;
    const spec = JSON.stringify([
      of.as,
      of.part?.separator,
      of.part?.count,
      of.part?.index,
      of.absent?.length ? of.absent : [],
    ]);
    name = this.names.get(spec);
    if (name === undefined) {
      const bare = !of.part && !of.absent?.length;
      name = `hs_${of.as.toLowerCase()}${bare ? '' : `_${this.names.size}`}`;
      const evaluate = evaluator(of);
      this.register(name, (cell) => {
        const value = evaluate(cell as Cell);
        return value === null ? null : bindValue(of, value);
      });
      this.names.set(spec, name);
    }
    this.byObject.set(of, name);
    return name;
  }

  /** Name of the function that is 0 for the rows of a repeated key that do not count. */
  kept(table: string, leftOut: ReadonlySet<string>): string {
    const name = `hs_tick_kept_${table.replaceAll(/\W/g, '_')}_${this.left.size}`;
    this.register(name, (...cursor) => (leftOut.has(cursor.map(String).join()) ? 0 : 1));
    this.left.set(name, table);
    return name;
  }
}

/** A value as SQLite compares it: `source/selection.ts` by bytes of text and by numbers. */
export function bindValue(of: Expression, value: string | number | bigint | boolean): unknown {
  if (typeof value === 'boolean') return value ? 1 : 0;
  return of.as === 'decimal' ? decimalKey(value as string) : value;
}
