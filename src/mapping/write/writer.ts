import type { Resource } from '@medplum/fhirtypes';
import type { Cells } from '../../source/adapter.js';
import type { Cell, Row } from '../../source/row.js';
import { predicate } from '../../source/select.js';
import type { Mapping, WriteDefinition } from '../define.js';
import type { SearchSetting } from '../leaf.js';
import type { Reader } from '../read.js';
import type { Node } from '../template.js';
import { NodeCompiler, type WriteShape } from './compile-node.js';
import { implied } from './implied.js';
import type { Leaf, WriteNode } from './node.js';
import { put, type Refusal } from './put.js';
import { isObject, type Residue, type Unified, unify } from './unify.js';

/** A mapping read backwards: what a resource asks of its row. */
export interface CompiledWriter extends WriteDefinition {
  /** The columns that are its own to write: those that it reads, without its key and what it shares. */
  readonly owns: readonly string[];
  /** A row that holds nothing. */
  readonly blank: Row;
  readonly cell: (column: string) => (row: Row) => Cell;
  /** `previous`: the row as it is; absent where one is to be made. */
  ask(resource: Resource, previous?: Row): Asked;
  /** What is not as it was asked in a resource that was read back from a row. */
  differences(asked: Asked, found: Resource | undefined, row: Row): readonly Refusal[];
  /** The cells that leave nothing of the mapping in a row. */
  emptied(previous: Row): Cells;
}

export interface Asked {
  readonly unified: Unified;
  readonly cells: Cells;
  readonly said: ReadonlySet<string>;
  /** What of it cannot be written; nothing may be, then. */
  readonly refused: readonly Refusal[];
}

const words: Record<Residue['reason'], string> = {
  'no-place': 'The source has no place for it.',
  'always-other': 'The source always says something else here.',
  'not-kept': 'The source keeps none of it: what would make it exist is missing.',
  form: 'It is not of the form that R4 gives it.',
};

/** Compiles a mapping's template for writing, over the row that its reader reads. */
export function compileWriter(mapping: Mapping, { outputs }: Reader, setting: SearchSetting): CompiledWriter {
  const { definition, type } = mapping;
  const { relation } = definition.id;
  const write = definition.write ?? {};
  const shape: WriteShape = {
    cell: (column) => outputs.cell(column),
    reaches: ({ exists }) => {
      const at = outputs.place({ kind: 'exists', relation: exists!.relation, on: exists!.on });
      return (row) => Boolean(row[at]);
    },
  };
  const compiler = new NodeCompiler(shape, setting);
  const { resourceType: _, ...content } = definition.to as { readonly [element: string]: Node };
  const root = compiler.node(content, type) as Extract<WriteNode, { kind: 'element' }>;
  const { leaves } = compiler;
  const bound = new Set(leaves.flatMap(({ kept }) => kept?.of.map(({ column }) => column) ?? []));
  const shared = new Set(write.shared ?? []);
  const owns = [...bound].filter(
    (column) => !(relation.key as readonly string[]).includes(column) && !shared.has(column),
  );
  const exists = predicate(definition.exists ?? { op: 'true' }, outputs);
  const key = relation.key.map((column) => [column, 'It is what the row is known by, and cannot change.'] as const);
  const others = [...shared].map(
    (column) => [column, 'It is written through another resource of the same row.'] as const,
  );
  const fixed = new Map([...key, ...others]);
  const onCreate = new Map(write.create === 'row' ? [] : others);
  // The reader's list is complete: what is written was read.
  const blank = outputs.list.map((output): Cell => (output.kind === 'rows' ? [] : output.kind === 'exists' ? 1 : null));
  const places = new Map(
    outputs.list.flatMap((output, at) => (output.kind === 'column' ? [[output.column, at] as const] : [])),
  );
  const needed = implied(definition.exists ?? { op: 'true' });

  const after = (previous: Row, cells: Cells): Row => {
    const row = previous.map((cell, at) => (outputs.list[at]!.kind === 'exists' ? 1 : cell));
    for (const [column, cell] of Object.entries(cells)) {
      const at = places.get(column);
      if (at !== undefined) row[at] = cell;
    }
    return row;
  };

  return {
    ...write,
    owns,
    blank,
    cell: shape.cell,
    ask(resource, previous) {
      const from = previous ?? blank;
      const unified = unify(root, withoutServers(resource, setting.source), type, previous);
      const residue = unified.residue.map(({ path, reason }) => ({ path, message: words[reason] }));
      const made = put(unified, from, { leaves, cell: shape.cell, fixed: previous ? fixed : onCreate });
      const missing = Object.entries(needed).filter(([column]) => !made.said.has(column));
      const cells = previous ? made.cells : { ...Object.fromEntries(missing), ...made.cells };
      const refused = [...residue, ...made.refused];
      if (refused.length === 0) refused.push(...closed(unified, after(from, cells)));
      return { unified, cells, said: made.said, refused };
    },
    differences({ unified, said }, found, row) {
      if (!found)
        return [{ path: type, message: `The row would make no ${type}: the source keeps none without more in it.` }];
      const back = unify(root, withoutServers(found, setting.source), type, row);
      const lost = [...unified.values].flatMap(([leaf, { value, path }]) => {
        const there = back.values.get(leaf);
        return there && leaf.agrees(value, there.value)
          ? []
          : [{ path, message: there ? 'The source gives back another value.' : 'The source does not give it back.' }];
      });
      const left = [...back.values].flatMap(([leaf, { path }]) =>
        unified.values.has(leaf) || follows(leaf, said) ? [] : [{ path, message: 'The source would still say it.' }],
      );
      return [...lost, ...left];
    },
    emptied(previous) {
      const { cells } = put({ values: new Map(), residue: [] }, previous, { leaves, cell: shape.cell, fixed });
      return cells;
    },
  };

  /** What is only there for rows that are different. */
  function closed({ values }: Unified, row: Row): readonly Refusal[] {
    const refused = [...values].flatMap(([{ kept }, { path }]) =>
      !kept || kept.open(row) ? [] : [{ path, message: 'The source says this of other rows only.' }],
    );
    if (refused.length > 0 || exists(row)) return refused;
    return [{ path: type, message: `The row would make no ${type}: the source keeps none without more in it.` }];
  }

  /** Does it come of itself: from what was asked for elsewhere, from the key, from another's column, or from nothing that is kept? */
  function follows({ kept }: Leaf, said: ReadonlySet<string>): boolean {
    return !kept || kept.of.every(({ column }) => said.has(column) || fixed.has(column));
  }
}

/** A resource without what the server says of it: its id, its version, a narrative that was generated (R4 http.html#update). */
function withoutServers(resource: Resource, source: string): Readonly<Record<string, unknown>> {
  const {
    resourceType: _,
    id: __,
    meta,
    text,
    ...content
  } = resource as Resource & { readonly text?: { status?: string } };
  const { versionId: ___, lastUpdated: ____, source: from, ...said } = isObject(meta) ? meta : {};
  const kept = { ...said, ...(from !== undefined && from !== `urn:healthsync:${source}` && { source: from }) };
  return {
    ...content,
    ...(Object.keys(kept).length > 0 && { meta: kept }),
    ...(text !== undefined && text.status !== 'generated' && { text }),
  };
}
