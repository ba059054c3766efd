import type { Codec } from '../mapping/codec.js';
import type { Mapping } from '../mapping/define.js';
import { codecOf } from '../mapping/leaf.js';
import {
  type Binding,
  type CodecSetting,
  type Each,
  kindOf,
  type Node,
  type ReferenceBinding,
  type When,
} from '../mapping/template.js';
import type { Expression } from '../source/expression.js';
import type { Relation } from '../source/relation.js';
import type { Selection } from '../source/selection.js';

/** A column where a template reads it. */
export interface Leaf {
  /** FHIRPath of the element, without indexes. */
  readonly path: string;
  readonly relation: Relation;
  readonly of: Expression;
  readonly codec: Codec<unknown>;
  /** What rows have to satisfy to be read there. */
  readonly where: readonly Selection[];
}

/** Every binding of a mapping, those of related rows with their own relation. */
export function leaves({ type, definition }: Mapping, setting: CodecSetting): readonly Leaf[] {
  const found: Leaf[] = [];
  const walk = (node: Node | undefined, path: string, relation: Relation, where: readonly Selection[]): void => {
    if (node === undefined) return;
    switch (kindOf(node)) {
      case 'binding': {
        const binding = node as Binding<unknown>;
        found.push({ path, relation, of: binding.of, codec: codecOf(binding, setting), where });
        return;
      }
      case 'reference':
        walk((node as ReferenceBinding).holds, path, relation, where);
        return;
      case 'when':
        walk((node as When<Node>).to, path, relation, [...where, (node as When<Node>).where]);
        return;
      case 'each':
        walk((node as Each<unknown>).to as Node, path, (node as Each<unknown>).relation, []);
        return;
      case 'array':
        for (const slot of node as readonly Node[]) walk(slot, path, relation, where);
        return;
      case 'element':
        for (const [name, child] of Object.entries(node)) walk(child as Node, `${path}.${name}`, relation, where);
        return;
      default:
    }
  };
  const exists = definition.exists ? [definition.exists] : [];
  walk(definition.to, type, definition.id.relation, exists);
  walk(definition.lastUpdated, `${type}.meta.lastUpdated`, definition.id.relation, exists);
  walk(definition.content?.address, `${type}.data`, definition.id.relation, exists);
  for (const [code, index] of Object.entries(definition.document?.index ?? {}))
    walk(index.to, `${type}?${code}`, index.relation, []);
  return found;
}
