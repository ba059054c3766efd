import type { CompiledMapping } from '../../mapping/compile.js';
import type { Change, Writing } from '../../source/adapter.js';

/** A mapping with the ways of writing that its source has; of those that its author says, one may not be possible there. */
export function offered(mapping: CompiledMapping, writing: Writing): CompiledMapping {
  const { writer, relation } = mapping;
  if (!writer || relation.kind !== 'table') return mapping;
  const can = (change: Change) => writing.can(relation, change);
  const { create, update, updateCreates, delete: remove, ...rest } = writer;
  return {
    ...mapping,
    writer: {
      ...rest,
      ...(create && can(create === 'row' ? 'insert' : 'update') && { create, ...(updateCreates && { updateCreates }) }),
      ...(update && can('update') && { update }),
      ...(remove && can(remove === 'row' ? 'delete' : 'update') && { delete: remove }),
    },
  };
}
