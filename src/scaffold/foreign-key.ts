import type { Adapter, Call } from '../source/adapter.js';
import { keyText } from '../source/key.js';
import type { Cell } from '../source/row.js';
import { absentAmong, saysNothing } from './absent.js';
import { keyed } from './key.js';
import type { SurveyedColumn, SurveyedTable } from './survey.js';

const sampled = 100;

/**
 * How many of the values that a column shows are keys of a table, and of how many: the database is asked for rows of these keys.
 * Nothing is held against a column that shows no value, and nothing for it.
 */
export async function held(
  column: SurveyedColumn,
  target: SurveyedTable,
  key: SurveyedColumn,
  adapter: Adapter,
  call: Call,
): Promise<{ readonly found: number; readonly of: number }> {
  const absent = new Set(absentAmong(column.values));
  const distinct = new Map<string, Exclude<Cell, object>>();
  for (const value of column.values) {
    if (typeof value === 'object' || saysNothing(value) || absent.has(String(value))) continue;
    distinct.set(keyText([value])!, value);
    if (distinct.size >= Math.min(sampled, adapter.capabilities.maxIn)) break;
  }
  if (distinct.size === 0) return { found: 0, of: 0 };
  const relation = keyed(target, key);
  const where = { op: 'in', of: { column: key.name, as: 'raw' }, values: [...distinct.values()] } as const;
  const { scan } = adapter.narrow({ relation, output: [{ kind: 'column', column: key.name }], order: [] }, [where]);
  const found = new Set<string>();
  for await (const { rows } of adapter.scan(scan, call)) {
    for (const [cell = null] of rows) {
      const text = keyText([cell]);
      if (text !== null && distinct.has(text)) found.add(text);
    }
    if (found.size === distinct.size) break;
  }
  return { found: found.size, of: distinct.size };
}
