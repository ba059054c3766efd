import { createHash, hash } from 'node:crypto';
import type { Resource } from '@medplum/fhirtypes';
import { decimal } from '../fhir/decimal.js';
import type { Output } from '../source/adapter.js';
import { cellText, evaluator } from '../source/evaluate.js';
import { parseExact } from '../source/exact-json.js';
import type { Expression } from '../source/expression.js';
import type { Relation } from '../source/relation.js';
import type { Cell, Row } from '../source/row.js';
import { predicate } from '../source/select.js';
import { trim } from '../source/space.js';
import type { Codec } from './codec.js';
import type { Content, Mapping } from './define.js';
import { fileAddress } from './file-address.js';
import { idOf } from './id-scheme.js';
import {
  type Binding,
  type CodecSetting,
  constantOnly,
  type Each,
  kindOf,
  type LinkedBinding,
  type Node,
  type ReferenceBinding,
  type When,
} from './template.js';

/** A value that the row holds and the resource cannot show: where it would stand. Its text is not told. */
export interface Problem {
  readonly path: string;
  readonly reason: 'undecodable' | 'id';
}

/** A row's resource; undefined when the row makes none, or none that may be served (then a problem says so). */
export type Read = (row: Row, report: (problem: Problem) => void) => Resource | undefined;

export interface Reader {
  readonly outputs: Outputs;
  readonly read: Read;
  /** The id that a row's resource has, also when it cannot be served; undefined when it can have none. */
  readonly id: (row: Row) => string | undefined;
  /** Where the bytes of a Binary lie; undefined where its row does not say. */
  readonly content?: (row: Row) => string | undefined;
}

export interface ReadSetting extends CodecSetting {
  /** `meta.versionId` from the row's mapped content (R4 http.html#versions); off only to measure its cost. */
  readonly versioned?: boolean;
}

/** What the row is read from: each column, related row or existence once, at a fixed place. */
export class Outputs {
  readonly list: Output[] = [];
  private readonly places = new Map<string, number>();

  constructor(readonly relation: Relation) {}

  /** Where a column's cell lies in a row. */
  column(column: string): number {
    if (!Object.hasOwn(this.relation.columns, column)) {
      throw new RangeError(`${this.relation.name} has no column ${column}`);
    }
    return this.place({ kind: 'column', column });
  }

  cell(column: string): (row: Row) => Cell {
    const at = this.column(column);
    return (row) => row[at]!;
  }

  place(output: Output): number {
    const key = JSON.stringify(output);
    let at = this.places.get(key);
    if (at === undefined) {
      at = this.list.push(output) - 1;
      this.places.set(key, at);
    }
    return at;
  }
}

/** A generated expression: its value, and the condition under which it exists (`true`: always). */
interface Piece {
  readonly value: string;
  readonly alive: string;
}

/**
 * Compiles a template to one function, once, at start: straight-line JavaScript whose only free names are the constants and
 * decoders handed in, so that a row costs the resource and nothing else. All texts enter it as JSON literals.
 */
class Generator {
  readonly lines: string[] = [];
  /** Does what it makes depend on links? */
  links = false;
  private names = 0;

  constructor(
    readonly outputs: Outputs,
    private readonly setting: ReadSetting,
    private readonly held: unknown[],
    /** The list of the references that links have made. */
    private readonly linkedList?: string,
  ) {}

  node(node: Node, path: string): Piece {
    switch (kindOf(node)) {
      case 'constant':
        return { value: JSON.stringify(node), alive: 'true' };
      case 'binding':
        return this.binding(node as Binding<unknown>, path);
      case 'reference':
        return this.reference(node as ReferenceBinding, path);
      case 'linked':
        return this.linked(node as LinkedBinding, path);
      case 'when':
        return this.when(node as When<Node>, path);
      case 'array':
        return this.array(node as readonly Node[], path);
      case 'each':
        throw new RangeError(`${path}: related rows stand in a list`);
      case 'element':
        return this.element(node as { readonly [element: string]: Node | undefined }, path);
    }
  }

  fields(
    node: { readonly [element: string]: Node | undefined },
    path: string,
  ): readonly (Piece & { readonly name: string })[] {
    return Object.entries(node)
      .filter((entry): entry is [string, Node] => entry[1] !== undefined)
      .map(([name, child]) => ({ name, ...this.node(child, `${path}.${name}`) }));
  }

  private binding({ of, codec: source }: Binding<unknown>, path: string): Piece {
    const codec: Codec<unknown> = 'late' in source ? source.late(this.setting) : source;
    const at = this.outputs.column(of.column);
    const value = this.name();
    const decode = this.hold(decoder(of, codec));
    this.lines.push(`const ${value} = ${decode}(row[${at}]);`);
    this.lines.push(
      `if (${value} === undefined && row[${at}] !== null && ${this.hold(saysSomething(of))}(row[${at}])) report({ path: ${JSON.stringify(path)}, reason: 'undecodable' });`,
    );
    return { value, alive: `${value} !== undefined` };
  }

  private reference({ type, target, key, exists, holds }: ReferenceBinding, path: string): Piece {
    const held = holds && this.binding(holds, path);
    const places = key.map((of) => this.outputs.column(of.column));
    const read = key.map((of) => evaluator(of));
    const { setting } = this;
    const make = (row: Row): string | undefined => {
      const parts: string[] = [];
      for (let i = 0; i < places.length; i++) {
        const part = read[i]!(row[places[i]!]!);
        if (part === null || part === '') return undefined;
        parts.push(String(part));
      }
      const id = idOf(target, parts, setting);
      return id === undefined ? undefined : `${type}/${id}`;
    };
    const value = this.name();
    const conditions = [
      ...(exists ? [`row[${this.outputs.place({ kind: 'exists', relation: exists.relation, on: exists.on })}]`] : []),
      ...(held ? [held.alive] : []),
    ];
    const there = conditions.length > 0 ? `${conditions.join(' && ')} ? ` : '';
    this.lines.push(`const ${value} = ${there}${this.hold(make)}(row)${there === '' ? '' : ' : undefined'};`);
    return { value, alive: `${value} !== undefined` };
  }

  private linked({ type, space, of }: LinkedBinding, path: string): Piece {
    if (this.linkedList === undefined) throw new RangeError(`${path}: related rows are not linked`);
    const at = this.outputs.column(of.column);
    const read = evaluator(of);
    const { links } = this.setting;
    const find = (row: Row): string | undefined => {
      const key = read(row[at]!);
      const id = key === null ? undefined : links?.idFor(type, space, String(key));
      return id === undefined ? undefined : `${type}/${id}`;
    };
    const value = this.name();
    this.lines.push(`const ${value} = ${this.hold(find)}(row);`, `${this.linkedList}.push(${value});`);
    this.links = true;
    return { value, alive: `${value} !== undefined` };
  }

  private when({ where, to }: When<Node>, path: string): Piece {
    const holds = this.hold(predicate(where, this.outputs));
    const value = this.name();
    const outer = this.lines.splice(0);
    const inner = this.node(to, path);
    const body = this.lines.splice(0);
    this.lines.push(
      ...outer,
      `let ${value};`,
      `if (${holds}(row)) {`,
      ...body,
      `if (${inner.alive}) ${value} = ${inner.value};`,
      '}',
    );
    return { value, alive: `${value} !== undefined` };
  }

  private array(slots: readonly Node[], path: string): Piece {
    if (slots.length === 1 && kindOf(slots[0]!) !== 'each') {
      const only = this.node(slots[0]!, path);
      return { value: `[${only.value}]`, alive: only.alive };
    }
    const list = this.name();
    const pushes: string[] = [];
    for (const slot of slots) {
      if (kindOf(slot) === 'each') {
        pushes.push(`for (const child of ${this.each(slot as Each<unknown>, path)}(row, report)) ${list}.push(child);`);
      } else {
        const piece = this.node(slot, path);
        pushes.push(`if (${piece.alive}) ${list}.push(${piece.value});`);
      }
    }
    this.lines.push(`const ${list} = [];`, ...pushes);
    return { value: list, alive: `${list}.length > 0` };
  }

  private each({ relation, on, order, to }: Each<unknown>, path: string): string {
    const outputs = new Outputs(relation);
    const read = compileValue(outputs, to as Node, path, this.setting);
    const columns = outputs.list.map((output) => {
      if (output.kind !== 'column') throw new RangeError(`${path}: related rows hold columns only`);
      return output.column;
    });
    const at = this.outputs.place({ kind: 'rows', relation, on, columns, order });
    return this.hold((row: Row, report: (problem: Problem) => void) =>
      ((row[at] ?? []) as unknown as readonly Row[])
        .map((child) => read(child, report))
        .filter((child) => child !== undefined),
    );
  }

  private element(node: { readonly [element: string]: Node | undefined }, path: string): Piece {
    if (constantOnly(node)) return { value: this.hold(deepFreeze(structuredClone(node))), alive: 'true' };
    const fields = this.fields(node, path);
    const bound = fields.filter((field) => field.alive !== 'true');
    const value = this.name();
    this.lines.push(`let ${value};`);
    this.lines.push(`if (${bound.map((field) => field.alive).join(' || ')}) {`, `${value} = {};`);
    for (const field of fields) this.lines.push(assignment(value, field));
    this.lines.push('}');
    return { value, alive: `${value} !== undefined` };
  }

  hold(value: unknown): string {
    return `held[${this.held.push(value) - 1}]`;
  }

  private name(): string {
    return `v${this.names++}`;
  }
}

function assignment(object: string, field: Piece & { readonly name: string }): string {
  const set = `${object}[${JSON.stringify(field.name)}] = ${field.value};`;
  return field.alive === 'true' ? set : `if (${field.alive}) ${set}`;
}

function compileValue(
  outputs: Outputs,
  node: Node,
  path: string,
  setting: ReadSetting,
): (row: Row, report: (problem: Problem) => void) => unknown {
  const held: unknown[] = [];
  const generator = new Generator(outputs, setting, held);
  const piece = generator.node(node, path);
  return finish(generator, held, `return ${piece.alive} ? ${piece.value} : undefined;`);
}

function finish(
  generator: Generator,
  held: unknown[],
  last: string,
): (row: Row, report: (problem: Problem) => void) => never {
  const body = `'use strict'; return (row, report) => {\n${generator.lines.join('\n')}\n${last}\n};`;
  return new Function('held', body)(held) as (row: Row, report: (problem: Problem) => void) => never;
}

/** Compiles a mapping's template: what to ask the source for, and how a row becomes its resource. */
export function compileReader(mapping: Mapping, setting: ReadSetting, mappingHash: string): Reader {
  const { definition, type } = mapping;
  const outputs = new Outputs(definition.id.relation);
  const id = idReader(outputs, definition.id, setting);
  const held: unknown[] = [];
  const generator = new Generator(outputs, setting, held, 'linked');
  const alive = definition.exists ? `${generator.hold(predicate(definition.exists, outputs))}(row)` : 'true';
  const source = `urn:healthsync:${setting.source}`;
  const lines = [`if (!(${alive})) return undefined;`, `const id = ${generator.hold(id)}(row);`];
  lines.push(
    `if (id === undefined) { report({ path: ${JSON.stringify(`${type}.id`)}, reason: 'id' }); return undefined; }`,
  );
  generator.lines.push(...lines);
  const content = definition.content && contentReader(outputs, definition.content, setting);
  if (definition.content) {
    const { alive: located } = generator.node(definition.content.address, `${type}.data`);
    generator.lines.push(`if (!(${located})) return undefined;`);
  }
  if (definition.document) {
    const at = outputs.column(definition.document.column);
    generator.lines.push(`const resource = ${generator.hold(parseDocument(type))}(row[${at}]);`);
    generator.lines.push(
      `if (resource === undefined) { report({ path: ${JSON.stringify(type)}, reason: 'undecodable' }); return undefined; }`,
    );
    generator.lines.push('resource.id = id;');
  } else {
    const updated = definition.lastUpdated
      ? generator.node(definition.lastUpdated, `${type}.meta.lastUpdated`)
      : undefined;
    const fields = generator.fields(definition.to as { readonly [element: string]: Node | undefined }, type);
    const version =
      setting.versioned === false
        ? ''
        : `versionId: ${generator.hold(contentVersion(mappingHash))}(row${generator.links ? ', linked' : ''}), `;
    if (generator.links) generator.lines.unshift('const linked = [];');
    generator.lines.push(`const meta = { ${version}source: ${JSON.stringify(source)} };`);
    const claimed = (definition.to as { readonly meta?: Node }).meta;
    if (claimed !== undefined) generator.lines.push(`Object.assign(meta, ${generator.hold(claimed)});`);
    if (updated) generator.lines.push(`if (${updated.alive}) meta.lastUpdated = ${updated.value};`);
    generator.lines.push(`const resource = { resourceType: ${JSON.stringify(type)}, id, meta };`);
    for (const field of fields)
      if (field.name !== 'resourceType' && field.name !== 'meta') generator.lines.push(assignment('resource', field));
  }
  const read = finish(generator, held, 'return resource;') as unknown as Read;
  return { outputs, read, id, ...(content && { content }) };
}

/** What a cell says, through a codec. */
export function decoder(of: Expression, codec: Codec<unknown>): (cell: Cell) => unknown {
  const evaluate = evaluator(of);
  return (cell) => {
    const value = evaluate(cell);
    return value === null ? codec.absent : codec.decode(value);
  };
}

/** Does the cell hold more than the column's ways of saying nothing? Then an empty decoding is a loss. */
function saysSomething(of: Expression): (cell: Cell) => boolean {
  const nothing = new Set(of.absent);
  return (cell) => {
    if (cell !== null && typeof cell === 'object') return !(Array.isArray(cell) && cell.length === 0);
    const text = cellText(cell);
    if (text === null || nothing.has(text)) return false;
    if (!of.part) return true;
    const pieces = text.split(of.part.separator);
    if (pieces.length !== of.part.count) return true;
    const piece = trim(pieces[of.part.index]!);
    return piece !== '' && !nothing.has(piece);
  };
}

function idReader(
  outputs: Outputs,
  scheme: Mapping['definition']['id'],
  setting: ReadSetting,
): (row: Row) => string | undefined {
  const places = scheme.relation.key.map((column) => outputs.column(column));
  return (row) => {
    const parts: string[] = [];
    for (const place of places) {
      const cell = row[place];
      if (cell === null || cell === undefined || typeof cell === 'object') return undefined;
      parts.push(String(cell));
    }
    return idOf(scheme, parts, setting);
  };
}

function contentReader(
  outputs: Outputs,
  { address: { of, codec: source }, files = {} }: Content,
  setting: ReadSetting,
): (row: Row) => string | undefined {
  const cell = outputs.cell(of.column);
  const decode = decoder(of, 'late' in source ? source.late(setting) : source);
  const locate = fileAddress(files);
  return (row) => {
    const address = decode(cell(row)) as string | undefined;
    return address === undefined ? undefined : locate(address);
  };
}

function parseDocument(type: string): (cell: Cell) => Record<string, unknown> | undefined {
  return (cell) => {
    if (typeof cell !== 'string') return undefined;
    try {
      const parsed = parseExact(cell, decimal);
      const found = typeof parsed === 'object' && parsed !== null ? (parsed as Record<string, unknown>) : undefined;
      return found?.resourceType === type ? found : undefined;
    } catch {
      return undefined;
    }
  };
}

/** 80 bits of SHA-256 over the mapping, the row's mapped cells and what links make of them, as JSON: same content, same version. */
function contentVersion(mappingHash: string): (row: Row, linked?: readonly unknown[]) => string {
  const digest =
    typeof hash === 'function'
      ? (text: string) => hash('sha256', text, 'hex')
      : (text: string) => createHash('sha256').update(text).digest('hex');
  return (row, linked) => {
    const others = linked?.some((one) => one !== undefined) ? JSON.stringify(linked) : '';
    return digest(mappingHash + json(row) + others).slice(0, 20);
  };
}

function json(row: Row): string {
  try {
    return JSON.stringify(row);
  } catch {
    // 64-bit integers beyond 2^53 are no JSON numbers.
    return JSON.stringify(row, (_, value) => (typeof value === 'bigint' ? { integer: String(value) } : value));
  }
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    for (const child of Object.values(value)) deepFreeze(child);
    Object.freeze(value);
  }
  return value;
}
