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
  const groups = new Map<unknown, Map<string, Asked[]>>();
  for (const one of streams) {
    const { stream, conditions } = one;
    if (
      !stream.ordered ||
      stream.open.length > 0 ||
      !conditions.some(isSelective) ||
      !isOfOneRow(stream.mapping.exists)
    )
      continue;
    const common = text([conditions, stream.scan.order]);
    const byText = groups.get(stream.mapping.relation) ?? new Map<string, Asked[]>();
    groups.set(stream.mapping.relation, byText);
    byText.set(common, [...(byText.get(common) ?? []), one]);
  }
  const shared: Shared[] = [];
  for (const group of [...groups.values()].flatMap((byText) => [...byText.values()])) {
    if (group.length > 1) shared.push(...together(group, narrow));
  }
  return shared;
}

function together(group: readonly Asked[], narrow: PlannedSource['narrow']): readonly Shared[] {
  const [{ stream, conditions, exact }] = group as [Asked, ...Asked[]];
  const output: Output[] = [];
  const places = new Map<string, number>();
  const place = (one: Output): number => {
    const name = one.kind === 'column' ? one.column : text(one);
    const at = places.get(name) ?? output.push(one) - 1;
    places.set(name, at);
    return at;
  };
  const members = group.map(({ stream: member }): Member => {
    const { mapping } = member;
    const cell = (column: string) => {
      const at = place({ kind: 'column', column });
      return (row: Row): Cell => row[at]!;
    };
    return { stream: member, at: mapping.output.map(place), owns: predicate(mapping.exists, { cell }) };
  });
  const exists = or(...group.map((one) => one.stream.mapping.exists));
  const { relation, order } = stream.scan;
  const narrowed = narrow({ relation, output, order }, [exists, ...conditions]);
  const asExact = conditions.every((_, i) => narrowed.exact[i + 1] === exact[i]);
  if (!narrowed.orderGuaranteed || !asExact) return [];
  return [{ source: stream.source, scan: narrowed.scan, members }];
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

function text(value: unknown): string {
  return JSON.stringify(value, (_, one) => (typeof one === 'bigint' ? `${one}n` : one));
}
