import { Decimal } from '../../fhir/decimal.js';
import type { Row } from '../../source/row.js';
import { aligned } from './align.js';
import type { Leaf, WriteNode } from './node.js';

/** An element that a mapping has no place for. */
export interface Residue {
  /** `Patient.telecom[1].value` */
  readonly path: string;
  readonly reason: 'no-place' | 'always-other' | 'not-kept' | 'form';
}

/** What a resource says, leaf by leaf of a template, and what of it no leaf takes. */
export interface Unified {
  readonly values: ReadonlyMap<Leaf, { readonly value: unknown; readonly path: string }>;
  readonly residue: readonly Residue[];
}

/**
 * Takes a resource apart along a template: each primitive of it is a leaf's value, equals a constant, or is residue; none is
 * passed over. `previous`: the row that elements of lists are aligned with, where slots are alike.
 */
export function unify(node: WriteNode, value: unknown, path: string, previous: Row | undefined): Unified {
  const one = new Unification(previous);
  one.take(node, value, path);
  return one;
}

class Unification implements Unified {
  readonly values = new Map<Leaf, { value: unknown; path: string }>();
  readonly residue: Residue[] = [];

  constructor(private readonly previous: Row | undefined) {}

  /** Does the value say anything that may differ from row to row? */
  take(node: WriteNode, value: unknown, path: string): boolean {
    switch (node.kind) {
      case 'leaf':
        this.values.set(node.leaf, { value, path });
        return true;
      case 'constant':
        if (value !== node.value) this.leave(value, path, isPrimitive(value) ? 'always-other' : 'form');
        return false;
      case 'sometimes':
        this.take(node.to, value, path);
        this.values.set(node.leaf, { value: true, path });
        return true;
      case 'list':
        return this.list(node, value, path);
      case 'element':
        return this.element(node, value, path);
    }
  }

  leave(value: unknown, path: string, reason: Residue['reason']): void {
    const paths = primitives(value, path);
    for (const one of paths.length === 0 ? [path] : paths) this.residue.push({ path: one, reason });
  }

  private list({ slots, rest }: Extract<WriteNode, { kind: 'list' }>, value: unknown, path: string): boolean {
    if (!Array.isArray(value)) {
      this.leave(value, path, 'form');
      return false;
    }
    const taken = aligned(slots, value, this.previous);
    let says = false;
    const others: unknown[] = [];
    value.forEach((element, i) => {
      const slot = taken[i];
      if (slot !== undefined) says = this.take(slots[slot]!, element, `${path}[${i}]`) || says;
      else if (rest) others.push(element);
      else this.leave(element, `${path}[${i}]`, 'no-place');
    });
    if (!rest || others.length === 0) return says;
    this.values.set(rest, { value: others, path });
    return true;
  }

  private element(node: Extract<WriteNode, { kind: 'element' }>, value: unknown, path: string): boolean {
    if (!isObject(value)) {
      this.leave(value, path, 'form');
      return false;
    }
    const before = this.residue.length;
    let says = false;
    for (const [name, child] of Object.entries(value)) {
      const field = node.fields.get(name);
      if (field) says = this.take(field, child, `${path}.${name}`) || says;
      else this.leave(child, `${path}.${name}`, 'no-place');
    }
    // Constants alone make no element (the existence rule): what was sent would not come back.
    if (!node.constant && !says && this.residue.length === before) this.leave(value, path, 'not-kept');
    return says;
  }
}

/** The paths of all primitives below a value; of nothing, the value's own. */
export function primitives(value: unknown, path: string): readonly string[] {
  if (Array.isArray(value)) return value.flatMap((one, i) => primitives(one, `${path}[${i}]`));
  if (isObject(value)) return Object.entries(value).flatMap(([name, one]) => primitives(one, `${path}.${name}`));
  return [path];
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Decimal);
}

function isPrimitive(value: unknown): boolean {
  return !isObject(value) && !Array.isArray(value);
}
