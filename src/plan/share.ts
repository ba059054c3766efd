import type { CompiledMapping } from '../mapping/compile.js';
import type { Output, Scan } from '../source/adapter.js';
import type { Cell, Row } from '../source/row.js';
import { type Predicate, predicate } from '../source/select.js';
import { isOfOneRow, or, type Selection } from '../source/selection.js';
import type { PlannedSource, Stream } from './stream.js';

/** A stream's part in a scan that it shares. */
export interface Member {
  readonly stream: Stream;
  /** Which rows are its own. */
  readonly owns: Predicate<Row>;
  /** Where its output lies in a row of the shared scan. */
  readonly at: readonly number[];
}

/** Streams of one table that differ only in which of its rows become resources: one scan answers all, while its answer is short. */
export interface Shared {
  readonly source: string;
  readonly scan: Scan;
  readonly members: readonly Member[];
}

/** What streams must have in common: everything that is asked of their rows but whether their resource exists. */
export interface Asked {
  readonly stream: Stream;
  readonly conditions: readonly Selection[];
  /** Of each condition: does the source answer it exactly? */
  readonly exact: readonly boolean[];
}

/**
 * Facets of one table whose rows are named by a value: few rows, each of which makes several resources. An answer that may be
 * long is not shared, since every stream would want its own first page of it.
 */
export function share({ narrow }: PlannedSource, streams: readonly Asked[]): readonly Shared[] {
  const groups: Asked[][] = [];
  for (const one of streams) {
    if (!isShort(one)) continue;
    const group = groups.find(([first]) => asksAlike(first!, one));
    if (group) group.push(one);
    else groups.push([one]);
  }
  return groups.flatMap((group) => (group.length > 1 ? together(group, narrow) : []));
}

function isShort({ stream, conditions }: Asked): boolean {
  const { ordered, open, mapping } = stream;
  return ordered && open.length === 0 && conditions.some(isSelective) && isOfOneRow(mapping.exists);
}

function asksAlike(a: Asked, b: Asked): boolean {
  return (
    a.stream.mapping.relation === b.stream.mapping.relation &&
    alike(a.conditions, b.conditions) &&
    alike(a.stream.scan.order, b.stream.scan.order)
  );
}

function together(group: readonly Asked[], narrow: PlannedSource['narrow']): readonly Shared[] {
  const [{ stream, conditions, exact }] = group as [Asked, ...Asked[]];
  const { output, exists, parts } = facets(group.map((one) => one.stream.mapping));
  const { relation, order } = stream.scan;
  const narrowed = narrow({ relation, output, order }, [exists, ...conditions]);
  const asExact = conditions.every((_, i) => narrowed.exact[i + 1] === exact[i]);
  if (!narrowed.orderGuaranteed || !asExact) return [];
  const members = group.map(({ stream: member }, i): Member => ({ stream: member, ...parts[i]! }));
  return [{ source: stream.source, scan: narrowed.scan, members }];
}

/** What facets of one table have together, whatever is asked of them. */
interface Facets {
  readonly mappings: readonly CompiledMapping[];
  readonly output: readonly Output[];
  /** The rows that are any of theirs. */
  readonly exists: Selection;
  readonly parts: readonly Omit<Member, 'stream'>[];
}

/** By the first of them. */
const known = new WeakMap<CompiledMapping, Facets[]>();

function facets(mappings: readonly CompiledMapping[]): Facets {
  const [first] = mappings as [CompiledMapping, ...CompiledMapping[]];
  const beginning = known.get(first) ?? [];
  const same = ({ mappings: others }: Facets) =>
    others.length === mappings.length && others.every((one, i) => one === mappings[i]);
  let found = beginning.find(same);
  if (!found) {
    found = joined(mappings);
    known.set(first, [...beginning, found]);
  }
  return found;
}

function joined(mappings: readonly CompiledMapping[]): Facets {
  const output: Output[] = [];
  const place = (one: Output): number => {
    const at = output.findIndex((other) => alike(other, one));
    return at < 0 ? output.push(one) - 1 : at;
  };
  const parts = mappings.map((mapping) => {
    const cell = (column: string) => {
      const at = place({ kind: 'column', column });
      return (row: Row): Cell => row[at]!;
    };
    return { at: mapping.output.map(place), owns: predicate(mapping.exists, { cell }) };
  });
  return { mappings, output, exists: or(...mappings.map(({ exists }) => exists)), parts };
}

/** Does it name rows by a value? */
function isSelective(selection: Selection): boolean {
  switch (selection.op) {
    case 'compare':
      return selection.test === 'eq';
    case 'in':
      return true;
    case 'and':
      return selection.of.some(isSelective);
    case 'or':
      return selection.of.every(isSelective);
    default:
      return false;
  }
}

/** Equality of what is plain data: lists, records, texts, numbers. */
function alike(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  const names = Object.keys(a);
  return (
    names.length === Object.keys(b).length &&
    names.every((name) => alike((a as Record<string, unknown>)[name], (b as Record<string, unknown>)[name]))
  );
}
