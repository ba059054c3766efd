import { parseReference } from '../../fhir/reference.js';
import { evaluator } from '../../source/evaluate.js';
import type { Comparand, Expression } from '../../source/expression.js';
import type { Cell, Row } from '../../source/row.js';
import { predicate, type RowShape } from '../../source/select.js';
import { type Codec, EncodeError } from '../codec.js';
import { idOf } from '../id-scheme.js';
import { codecOf, type KeyCell, keyCells, type SearchSetting } from '../leaf.js';
import { decoder } from '../read.js';
import { type Binding, constantOnly, kindOf, type Node, type ReferenceBinding, type When } from '../template.js';
import { covers, same, sameMoment } from './agrees.js';
import { isOfForm } from './form.js';
import type { Kept, Leaf, WriteNode } from './node.js';

/** Where the cells of a row lie: of columns, and of whether related rows are there. */
export interface WriteShape extends RowShape<Row> {
  /** Is the row that a reference leads to there? */
  readonly reaches: (binding: ReferenceBinding) => (row: Row) => boolean;
}

type Open = (row: Row) => boolean;

const always: Open = () => true;

/** Compiles a template's node for writing, and lists its leaves. */
export class NodeCompiler {
  readonly leaves: Leaf[] = [];

  constructor(
    private readonly shape: WriteShape,
    private readonly setting: SearchSetting,
  ) {}

  node(node: Node, path: string, open: Open = always): WriteNode {
    switch (kindOf(node)) {
      case 'constant':
        return { kind: 'constant', value: node as string | number | boolean };
      case 'binding':
        return this.leaf(path, this.binding(node as Binding<unknown>, open), agreement(this.codec(node)));
      case 'reference':
        return this.leaf(path, this.reference(node as ReferenceBinding, open), (asked, found) =>
          this.isOne(asked, found),
        );
      case 'linked':
      case 'each':
        return this.leaf(path, undefined, (asked, found) => this.isOne(asked, found));
      case 'when': {
        const { where, to } = node as When<Node>;
        if (constantOnly(to)) {
          const { leaf } = this.leaf(path, undefined, () => true);
          return { kind: 'sometimes', leaf, to: this.node(to, path) };
        }
        const holds = predicate(where, this.shape);
        return this.node(to, path, (row) => open(row) && holds(row));
      }
      case 'array': {
        const slots = (node as readonly Node[]).filter((slot) => kindOf(slot) !== 'each');
        const rest = slots.length === (node as readonly Node[]).length ? undefined : this.leaf(path, undefined, same);
        const compiled = slots.map((slot) => this.node(slot, path, open));
        return { kind: 'list', slots: compiled, ...(rest && { rest: rest.leaf }) };
      }
      case 'element': {
        const fields = Object.entries(node).filter((field): field is [string, Node] => field[1] !== undefined);
        return {
          kind: 'element',
          fields: new Map(fields.map(([name, child]) => [name, this.node(child, `${path}.${name}`, open)])),
          constant: constantOnly(node),
        };
      }
    }
  }

  private leaf(path: string, kept: Kept | undefined, agrees: Leaf['agrees']): Extract<WriteNode, { kind: 'leaf' }> {
    const leaf: Leaf = { path, agrees, ...(kept && { kept }) };
    this.leaves.push(leaf);
    return { kind: 'leaf', leaf };
  }

  private codec(node: Node): Codec<unknown> {
    return codecOf(node as Binding<unknown>, this.setting);
  }

  private binding(binding: Binding<unknown>, open: Open): Kept | undefined {
    const { of } = binding;
    const codec = this.codec(binding);
    if (codec.kind === 'readonly') return undefined;
    const decode = decoder(of, codec);
    return {
      of: [of],
      open,
      decode: ([cell]) => decode(cell!),
      now: this.now([of], ([cell]) => decode(cell!)),
      encode: (value, [previous]) => {
        if (!isOfForm(codec.type, value)) return new EncodeError('It is not of the form that R4 gives it.');
        const encoded = codec.encode(value, previous ?? undefined);
        return encoded instanceof Error ? encoded : [asKept(encoded, codec, previous!)];
      },
    };
  }

  private reference(binding: ReferenceBinding, open: Open): Kept | undefined {
    const { type, target, key, holds } = binding;
    const { setting } = this;
    if (holds || key.length === 0) return undefined;
    const there = binding.exists ? this.shape.reaches(binding) : always;
    const read = key.map((of) => evaluator(of));
    const told = (cells: readonly Cell[]) => {
      const parts = cells.map((cell, i) => read[i]!(cell));
      if (parts.some((part) => part === null || part === '')) return undefined;
      const id = idOf(target, parts.map(String), setting);
      return id === undefined ? undefined : `${type}/${id}`;
    };
    return {
      of: key,
      open: (row) => open(row) && there(row),
      decode: told,
      now: this.now(key, told),
      encode: (value, previous) => {
        const asked = typeof value === 'string' ? parseReference(value, setting.baseUrl) : undefined;
        const cells =
          asked?.type === type && asked.id !== undefined && asked.version === undefined
            ? keyCells(target, asked.id, setting)
            : undefined;
        if (!cells) return new EncodeError(`The source refers to ${type} of its own here, and to no other.`);
        return cells.map((candidates, i) => alike(candidates, previous[i]!, key[i]!));
      },
    };
  }

  private now(of: readonly Expression[], decode: (cells: readonly Cell[]) => unknown): (row: Row) => unknown {
    const cells = of.map(({ column }) => this.shape.cell(column));
    return (row) => decode(cells.map((cell) => cell(row)));
  }

  /** The same reference, relative or below the base URL. */
  private isOne(asked: unknown, found: unknown): boolean {
    if (typeof asked !== 'string' || typeof found !== 'string') return same(asked, found);
    const one = parseReference(asked, this.setting.baseUrl);
    return asked === found || (one?.id !== undefined && `${one.type}/${one.id}` === found);
  }
}

/** Of the cells that a key may be, the one of the type that the column shows so far. */
function alike(candidates: readonly KeyCell[], previous: Comparand, { as }: Expression): Comparand {
  if (as === 'text') return String(candidates[0]);
  return candidates.find((one) => typeof one === typeof previous) ?? candidates[0]!;
}

/** A decimal that a number says exactly is one, unless the column keeps its numbers as texts. */
function asKept(encoded: Comparand, codec: Codec<unknown>, previous: Comparand): Comparand {
  if (codec.as !== 'decimal' || typeof encoded !== 'string' || typeof previous === 'string') return encoded;
  return String(Number(encoded)) === encoded ? Number(encoded) : encoded;
}

function agreement({ type }: Codec<unknown>): Leaf['agrees'] {
  if (type === 'CodeableConcept') return covers;
  return type === 'dateTime' || type === 'instant' ? sameMoment : same;
}
