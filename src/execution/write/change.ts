import type { Resource } from '@medplum/fhirtypes';
import { Fault } from '../../errors/fault.js';
import type { Transaction } from '../../source/adapter.js';
import type { DeleteChange, ResourceChange, UpdateChange, Written } from '../engine.js';
import { type Chosen, chooseMapping } from './choose.js';
import { goesWithRow, sharesRow } from './companions.js';
import { create, creation, verified } from './create.js';
import type { WriteLog } from './log.js';
import { before, conflict, type Present, present, read, refused, type WritableMapping } from './row.js';

export interface ChangeSetting {
  /** Of the one source. */
  readonly source: string;
  readonly mappings: readonly WritableMapping[];
  readonly log: WriteLog;
  readonly now: () => Date;
  readonly uuid: () => string;
  /** Entries of the log that are open, in the order of their changes. */
  readonly entries: number[];
  readonly running: Set<number>;
}

/** Makes one change within a transaction of its source, and records that it is about to. */
export async function change(one: ResourceChange, transaction: Transaction, setting: ChangeSetting): Promise<Written> {
  switch (one.kind) {
    case 'create': {
      const resource = one.resource();
      // The source is chosen by now; what is left is which of its mappings.
      const chosen = chooseMapping(resource, setting.mappings, {});
      return created(chosen, resource, undefined, one, transaction, setting);
    }
    case 'update':
      return update(one, transaction, setting);
    case 'delete':
      return remove(one, transaction, setting);
  }
}

async function created(
  { mapping, asked, looked = false }: Chosen & { readonly looked?: boolean },
  resource: Resource,
  id: string | undefined,
  { permitted }: ResourceChange,
  transaction: Transaction,
  setting: ChangeSetting,
): Promise<Written> {
  const { type, source } = mapping;
  const created = creation(mapping, asked, id, setting.uuid);
  const known = id ?? created.id;
  const intent = { interaction: 'create', caller: permitted.caller.name, type, source } as const;
  const entry = opened(setting, { ...intent, ...(known !== undefined && { id: known }) });
  const made = await create(mapping, resource, asked, { ...created, looked }, transaction);
  setting.log.expect(entry, expectation(made.resource));
  return { outcome: 'created', type, id: made.resource.id!, source, resource: made.resource };
}

async function update(one: UpdateChange, transaction: Transaction, setting: ChangeSetting): Promise<Written> {
  const { type, caller } = one.permitted;
  const { id } = one;
  const mappings = setting.mappings.filter((mapping) => mapping.type === type && mapping.keysOf(id).length > 0);
  const rowless = new Set<WritableMapping>();
  const there = await present(mappings, id, transaction, rowless);
  if (!there) {
    if (one.existing) throw new Fault('not-found', `There is no ${type}/${id}.`);
    if (one.version !== undefined) throw new Fault('precondition', `There is no ${type}/${id}, of any version.`);
    const able = mappings.filter(({ writer }) => writer.updateCreates && writer.create);
    if (able.length === 0)
      throw new Fault('read-only', `There is no ${type}/${id}, and none can be made under that id.`);
    const resource = one.resource(undefined);
    const asked = able[0]!.writer.ask(resource);
    if (asked.refused.length > 0) throw refused(able[0]!, asked.refused);
    const looked = rowless.has(able[0]!);
    return created({ mapping: able[0]!, asked, looked }, resource, id, one, transaction, setting);
  }
  if (one.absent) throw new Fault('precondition', `${type}/${id} is there already.`);
  const { mapping, row, key, resource: current } = there;
  versionIs(one.version, there);
  if (!mapping.writer.update) throw new Fault('read-only', `Source ${mapping.source} does not change this ${type}.`);
  const asked = mapping.writer.ask(one.resource(current), row);
  if (asked.refused.length > 0) throw refused(mapping, asked.refused);
  const { source } = mapping;
  const version = current.meta?.versionId;
  if (Object.keys(asked.cells).length === 0) {
    // What follows from the row may have been asked to be something else.
    const differences = mapping.writer.differences(asked, current, row);
    if (differences.length > 0) throw refused(mapping, differences);
    return { outcome: 'unchanged', type, id, source, resource: current };
  }
  const intent = {
    interaction: 'update',
    caller: caller.name,
    type,
    source,
    id,
    ...(version && { before: version }),
  } as const;
  const entry = opened(setting, intent);
  if (!(await transaction.update(mapping.relation, key, before(mapping, row), asked.cells))) throw conflict();
  const { resource } = await verified(mapping, asked, key, transaction);
  setting.log.expect(entry, expectation(resource));
  return { outcome: 'updated', type, id, source, resource };
}

async function remove(one: DeleteChange, transaction: Transaction, setting: ChangeSetting): Promise<Written> {
  const { type, caller } = one.permitted;
  const { id } = one;
  const { source } = setting;
  const mappings = setting.mappings.filter((mapping) => mapping.type === type && mapping.keysOf(id).length > 0);
  const there = await present(mappings, id, transaction);
  if (!there) {
    if (one.version !== undefined) throw new Fault('precondition', `There is no ${type}/${id}, of any version.`);
    return { outcome: 'absent', type, id, source };
  }
  versionIs(one.version, there);
  const { mapping, row, key } = there;
  const way = mapping.writer.delete;
  if (!way) throw new Fault('read-only', `Source ${source} does not delete this ${type}.`);
  if (way === 'row') await refuseFacets(there, transaction, setting);
  const version = there.resource.meta?.versionId;
  const intent = {
    interaction: 'delete',
    caller: caller.name,
    type,
    source,
    id,
    ...(version && { before: version }),
  } as const;
  const entry = opened(setting, intent);
  const held = before(mapping, row);
  const done =
    way === 'row'
      ? await transaction.delete(mapping.relation, key, held)
      : await transaction.update(mapping.relation, key, held, mapping.writer.emptied(row));
  if (!done) throw conflict();
  const left = await transaction.get(mapping.relation, mapping.output, key);
  if (left && read(mapping, left))
    throw new Fault('constraint', `The source keeps ${type}/${id} all the same.`, { source });
  setting.log.expect(entry, { id });
  return { outcome: 'deleted', type, id, source };
}

/** Resources of the same row would go with it. */
async function refuseFacets(
  { mapping, key }: Present,
  transaction: Transaction,
  setting: ChangeSetting,
): Promise<void> {
  const others = setting.mappings.filter((other) => sharesRow(mapping, other) && !goesWithRow(other));
  const alive: string[] = [];
  for (const other of others) {
    const row = await transaction.get(other.relation, other.output, key);
    const resource = row && read(other, row);
    if (resource) alive.push(`${resource.resourceType}/${resource.id}`);
  }
  if (alive.length === 0) return;
  throw new Fault('referenced', `It shares its row with ${alive.join(', ')}: delete these first.`, {
    source: mapping.source,
  });
}

function versionIs(version: string | undefined, { resource }: Present): void {
  if (version === undefined || version === resource.meta?.versionId) return;
  const current = resource.meta?.versionId;
  throw new Fault('precondition', `The current version is ${current}, not the one that If-Match names.`, {
    expression: 'http.If-Match',
  });
}

function opened({ log, now, entries, running }: ChangeSetting, intent: Parameters<WriteLog['open']>[0]): number {
  const entry = log.open(intent, now());
  entries.push(entry);
  running.add(entry);
  return entry;
}

function expectation({ id, meta }: Resource) {
  return { id: id!, ...(meta?.versionId !== undefined && { after: meta.versionId }) };
}
