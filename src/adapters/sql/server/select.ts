import type { Output, Scan } from '../../../source/adapter.js';
import type { Relation } from '../../../source/relation.js';
import type { Selection } from '../../../source/selection.js';
import type { Scope } from '../dialect.js';
import { all, type Fragment, joined, plain, sql, TRUE } from '../fragment.js';
import { afterPlace, orderBy, type Place, placeOf, type SqlTerm } from '../order.js';
import type { Beginning, OrderedLeg } from './beginning.js';
import { cellReader, type ReadCell } from './cell.js';
import type { ServerColumn } from './column.js';
import type { Compiler } from './compiler.js';
import { possibleHead } from './possible.js';

/** A scan as statements to run one after another until the limit is reached. */
export interface Select extends Pick<Beginning, 'outputs' | 'repeatedAt'> {
  readonly legs: readonly Fragment[];
}

export function select(compiler: Compiler, scan: Scan): Select {
  const begun = beginningOf(compiler, scan);
  const { scope, head, each, outputs, repeatedAt } = begun;
  compiler.aliases = begun.aliases;
  const where = [...each, compiler.where(scope, scan.where)];
  const limit = scan.limit === undefined ? '' : ` ${compiler.vendor.limit(scan.limit)}`;
  const leg = ({ only, order }: OrderedLeg, from?: Fragment): Fragment =>
    sql`${head} WHERE ${all([...(from ? [from] : []), only, ...where])}${order}${limit}`;
  const found = { outputs, ...(repeatedAt !== undefined && { repeatedAt }) };
  if (!scan.after) return { ...found, legs: fromFirst(compiler, begun, scan.order).map((one) => leg(one)) };
  const place = written(placeOf(compiler, scan.order, scan.after), scan.order, compiler.vendor.impossible);
  const terms = compiler.terms(scope, scan.order, place.values);
  const after = (only: Fragment, own: readonly SqlTerm[], from: Place | undefined) =>
    leg({ only, order: ordered(compiler, own) }, from && afterPlace(own, from));
  const led = scan.order[0] && compiler.led(scope, scan.order[0], place.values[0]);
  if (!led) return { ...found, legs: [after(TRUE, terms, place)] };
  const rest = terms.slice(1);
  const inTail = place.values[0] === null;
  const tail = inTail ? { values: place.values.slice(1), inclusive: place.inclusive } : undefined;
  const legs = inTail ? [] : [after(led.present, [led.term, ...rest], place)];
  if (led.missing.text !== 'FALSE') legs.push(after(led.missing, rest, tail));
  return { ...found, legs: legs.length > 0 ? legs : [after(plain('FALSE'), [], undefined)] };
}

function beginningOf(compiler: Compiler, { relation, output }: Scan): Beginning {
  const known = compiler.known.get(output);
  if (known?.relation === relation) return known;
  const scope = compiler.scope(relation);
  if (relation.kind === 'table') for (const name of relation.key) scope.column(name);
  const columns: Fragment[] = [];
  const outputs = output.map((one) => {
    const at = columns.length;
    columns.push(...compiler.output(scope, one));
    return { at, cells: readers(scope, one) };
  });
  const repeated = compiler.repeated(scope);
  const repeatedAt = repeated && columns.push(sql`CASE WHEN ${repeated} THEN '1' END`) - 1;
  const head = sql`SELECT ${columns.length === 0 ? '1' : joined(columns, ', ')} FROM ${compiler.from(scope)}`;
  const each = compiler.each(scope);
  const begun: Beginning = {
    relation,
    scope,
    aliases: compiler.aliases,
    head,
    each,
    outputs,
    ...(repeatedAt !== undefined && { repeatedAt }),
    alongKey: new WeakMap(),
  };
  compiler.known.set(output, begun);
  return begun;
}

/** The parts of the rows in their order, from the first on. */
function fromFirst(compiler: Compiler, { scope, alongKey }: Beginning, order: Scan['order']): readonly OrderedLeg[] {
  const known = alongKey.get(order);
  if (known) return known;
  const terms = compiler.terms(scope, order);
  const led = order[0] && compiler.led(scope, order[0], undefined);
  const one = (only: Fragment, own: readonly SqlTerm[]) => ({ only, order: ordered(compiler, own) });
  const rest = terms.slice(1);
  const legs = !led
    ? [one(TRUE, terms)]
    : led.missing.text === 'FALSE'
      ? [one(led.present, [led.term, ...rest])]
      : [one(led.present, [led.term, ...rest]), one(led.missing, rest)];
  // The order of a key is that of its mapping; any other has been made for its request.
  if (order.length === scope.relation.key.length) alongKey.set(order, legs);
  return legs;
}

function ordered(compiler: Compiler, terms: readonly SqlTerm[]): string {
  return terms.length === 0 ? '' : ` ORDER BY ${orderBy(compiler, terms)}`;
}

export function countStatement(compiler: Compiler, relation: Relation, where: Selection): Fragment {
  const scope = compiler.scope(relation);
  if (relation.kind === 'table') for (const name of relation.key) scope.column(name);
  const conditions = all([...compiler.each(scope), compiler.where(scope, where)]);
  return sql`SELECT count(*) FROM ${compiler.from(scope)} WHERE ${conditions}`;
}

function readers(scope: Scope<ServerColumn>, output: Output): readonly ReadCell[] {
  if (output.kind === 'exists') return [Number];
  const names = output.kind === 'column' ? [output.column] : Object.values(output.on);
  return names.map((name) => cellReader(scope.column(name).live));
}

/** A text that no cell can hold is between those that can: what comes after it comes after the part that one can. */
function written(place: Place, order: Scan['order'], impossible: (text: string) => boolean): Place {
  const at = place.values.findIndex((value) => typeof value === 'string' && impossible(value));
  if (at < 0) return place;
  const head = possibleHead(place.values[at] as string);
  return { values: [...place.values.slice(0, at), head], inclusive: order[at]!.direction === 'desc' };
}
