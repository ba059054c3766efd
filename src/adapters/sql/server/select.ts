import type { Output, Scan } from '../../../source/adapter.js';
import type { Relation } from '../../../source/relation.js';
import type { Selection } from '../../../source/selection.js';
import type { Scope } from '../dialect.js';
import { all, type Fragment, joined, plain, sql, TRUE } from '../fragment.js';
import { afterPlace, orderBy, type Place, placeOf, type SqlTerm } from '../order.js';
import { cellReader, type ReadCell } from './cell.js';
import type { ServerColumn } from './column.js';
import type { Compiler } from './compiler.js';
import { possibleHead } from './possible.js';

/** A scan as statements to run one after another until the limit is reached. */
export interface Select {
  readonly legs: readonly Fragment[];
  /** Reads the cells of an output, from its place in a result row on; how many columns it takes. */
  readonly outputs: readonly { readonly at: number; readonly cells: readonly ReadCell[] }[];
  /** Where a result row says whether its key occurs again; absent where no key does. */
  readonly repeatedAt?: number;
}

export function select(compiler: Compiler, scan: Scan): Select {
  const scope = compiler.scope(scan.relation);
  if (scan.relation.kind === 'table') for (const name of scan.relation.key) scope.column(name);
  const columns: Fragment[] = [];
  const outputs = scan.output.map((one) => {
    const at = columns.length;
    columns.push(...compiler.output(scope, one));
    return { at, cells: readers(scope, one) };
  });
  const repeated = compiler.repeated(scope);
  const repeatedAt = repeated && columns.push(sql`CASE WHEN ${repeated} THEN '1' END`) - 1;
  const head = sql`SELECT ${columns.length === 0 ? '1' : joined(columns, ', ')} FROM ${compiler.from(scope)}`;
  const where = [...compiler.each(scope), compiler.where(scope, scan.where)];
  const limit = scan.limit === undefined ? '' : ` LIMIT ${Math.trunc(scan.limit)}`;
  const place =
    scan.after && written(placeOf(compiler, scan.order, scan.after), scan.order, compiler.vendor.impossible);
  const terms = compiler.terms(scope, scan.order, place?.values);
  const leg = (extra: Fragment, own: readonly SqlTerm[], from: Place | undefined): Fragment => {
    const conditions = all([...(from ? [afterPlace(own, from)] : []), extra, ...where]);
    const ordered = own.length === 0 ? '' : ` ORDER BY ${orderBy(compiler, own)}`;
    return sql`${head} WHERE ${conditions}${ordered}${limit}`;
  };
  const found = { outputs, ...(repeatedAt !== undefined && { repeatedAt }) };
  const led = scan.order[0] && compiler.led(scope, scan.order[0], place?.values[0]);
  if (!led) return { ...found, legs: [leg(TRUE, terms, place)] };
  const rest = terms.slice(1);
  const inTail = place !== undefined && place.values[0] === null;
  const tail = inTail ? { values: place.values.slice(1), inclusive: place.inclusive } : undefined;
  const legs = inTail ? [] : [leg(led.present, [led.term, ...rest], place)];
  if (led.missing.text !== 'FALSE') legs.push(leg(led.missing, rest, tail));
  return { ...found, legs: legs.length > 0 ? legs : [leg(plain('FALSE'), [], undefined)] };
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
