import type { NativeQuery } from '../../source/adapter.js';
import type { Document } from './cell.js';
import type { Find } from './driver.js';

/** The query as it is asked, each value in its place written as `?`. */
export function written(
  collection: string,
  { filter, projection, sort, limit }: Find,
): Pick<NativeQuery, 'text' | 'values'> {
  const values: unknown[] = [];
  const text =
    `${JSON.stringify(collection)}.find(${shape(filter, values)}` +
    `${projection ? `, ${JSON.stringify(projection)}` : ''})` +
    `${sort ? `.sort(${JSON.stringify(sort)})` : ''}${limit === undefined ? '' : `.limit(${limit})`}`;
  return { text, values };
}

function shape(value: unknown, values: unknown[]): string {
  if (Array.isArray(value) && value.every((one) => isPlain(one)))
    return `[${value.map((one) => shape(one, values)).join(', ')}]`;
  if (isPlain(value))
    return `{${Object.entries(value)
      .map(([name, inner]) => `${JSON.stringify(name)}: ${shape(inner, values)}`)
      .join(', ')}}`;
  values.push(value);
  return '?';
}

function isPlain(value: unknown): value is Document {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

interface Stage {
  readonly stage?: string;
  readonly indexName?: string;
  readonly keyPattern?: Document;
  readonly indexBounds?: Readonly<Record<string, readonly string[]>>;
}

/** What the server says of its plan: an index that is searched or followed, or a scan of the collection. */
export function accessOf(explained: Document, { filter, limit }: Find): Pick<NativeQuery, 'access' | 'index' | 'plan'> {
  const { winningPlan } = (explained.queryPlanner ?? {}) as { readonly winningPlan?: unknown };
  const stages = stagesOf(winningPlan);
  const plan = stages.map(line);
  const index = stages.find(({ indexName }) => indexName !== undefined)?.indexName;
  const named = index === undefined ? {} : { index };
  if (stages.some(({ stage }) => stage === 'IDHACK' || stage === 'EXPRESS_CLUSTERED_IXSCAN'))
    return { access: 'key', index: '_id_', plan };
  if (
    stages.some(({ stage }) => stage === 'COLLSCAN') ||
    !stages.some(({ stage = '' }) => /IXSCAN|DISTINCT|COUNT_SCAN/.test(stage))
  )
    return { access: 'scan', ...named, plan };
  if (index === '_id_' && isOneId(filter)) return { access: 'key', index, plan };
  return { access: Object.keys(filter).length > 0 || limit !== undefined ? 'index' : 'scan', ...named, plan };
}

function line({ stage = '', indexName, indexBounds }: Stage): string {
  const bounds = Object.entries(indexBounds ?? {}).map(([field, within]) => `${field}: ${within.join(', ')}`);
  return [stage, indexName, ...bounds].filter((part) => part !== undefined && part !== '').join(' ');
}

function isOneId({ _id: id }: Find['filter']): boolean {
  return id !== undefined && !(isPlain(id) && Object.keys(id).some((name) => name !== '$in' && name !== '$eq'));
}

/** Every stage of a plan, however it is nested: stages differ between versions and engines of the server. */
function stagesOf(plan: unknown): readonly Stage[] {
  if (Array.isArray(plan)) return plan.flatMap(stagesOf);
  if (typeof plan !== 'object' || plan === null) return [];
  const own = typeof (plan as Stage).stage === 'string' ? [plan as Stage] : [];
  return [...own, ...Object.values(plan).flatMap(stagesOf)];
}
