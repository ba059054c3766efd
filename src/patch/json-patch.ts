import type { Resource } from '@medplum/fhirtypes';
import { applyPatch } from 'rfc6902';
import { Fault } from '../errors/fault.js';
import { Decimal } from '../fhir/decimal.js';
import { withSameIdentity } from './identity.js';
import { copyJson, deepest, isObject, type JsonObject } from './json-copy.js';
import { equalJson } from './json-equality.js';
import { isWithin, locate, pointerTokens } from './json-pointer.js';

/** Values that the `copy` and `move` operations of one patch may carry: each copy can double the document. */
const mostCarried = 100_000;

/**
 * A resource after a JSON Patch (RFC 6902); neither argument changes. The outcome is not validated: a list that the patch
 * emptied stays, as the RFC says, an empty list.
 * @param patch the parsed body of media type `application/json-patch+json`
 * @throws {Fault} `invalid-body` when the patch is malformed; `unprocessable` when a `test` fails, a location does not exist,
 * or the identity would change; `too-large` when it copies without bound
 */
export function applyJsonPatch(resource: Resource, patch: unknown): Resource {
  return withSameIdentity(resource, patchDocument(resource, patch));
}

/** Any JSON document after a JSON Patch, as `applyJsonPatch`. */
export function patchDocument(document: unknown, patch: unknown): unknown {
  if (!Array.isArray(patch)) throw new Fault('invalid-body', 'A JSON Patch is an array of operations.');
  const operations = patch.map(readOperation);
  // The library would copy a Decimal as an object of its fields; it leaves symbols as they are.
  const held = new Map<symbol, Decimal>();
  const hold = (value: unknown) => {
    if (!(value instanceof Decimal)) return value;
    const symbol = Symbol('Decimal');
    held.set(symbol, value);
    return symbol;
  };
  const release = (value: unknown) => (typeof value === 'symbol' ? held.get(value) : value);
  let current = copyJson(document, hold);
  let carried = 0;
  for (const [i, operation] of operations.entries()) {
    const step = new Step(current, i);
    switch (operation.op) {
      case 'test':
        step.test(operation.path, (value) => equalJson(copyJson(value, release), operation.value));
        break;
      case 'add':
        current = step.add(operation.path, copyJson(operation.value, hold));
        break;
      case 'replace':
        current = step.replace(operation.path, copyJson(operation.value, hold));
        break;
      case 'remove':
        step.remove(operation.path);
        break;
      case 'copy':
      case 'move': {
        const value = step.value(operation.from);
        carried += size(value);
        if (carried > mostCarried) throw new Fault('too-large', `The patch copies more than ${mostCarried} values.`);
        if (operation.op === 'move' && isWithin(operation.path, operation.from)) {
          if (operation.path.length === operation.from.length) break;
          throw step.refused('moves a value into itself');
        }
        // RFC 6902 section 4.4: the target of a move is looked for in what is left after the removal.
        if (operation.op === 'move') step.remove(operation.from);
        current = step.add(operation.path, value);
        break;
      }
    }
  }
  return copyJson(current, release);
}

type Path = readonly string[];
type Operation =
  | { readonly op: 'add' | 'replace' | 'test'; readonly path: Path; readonly value: unknown }
  | { readonly op: 'remove'; readonly path: Path }
  | { readonly op: 'move' | 'copy'; readonly from: Path; readonly path: Path };

/** RFC 6902 section 4: members that are not defined are ignored; those that are must be there. */
function readOperation(operation: unknown, i: number): Operation {
  const malformed = (why: string) => new Fault('invalid-body', `Operation ${i + 1} of the patch ${why}.`);
  if (!isObject(operation)) throw malformed('is not an object');
  const pointer = (name: 'path' | 'from'): Path => {
    const tokens = Object.hasOwn(operation, name) ? pointerTokens(operation[name]) : undefined;
    if (!tokens) throw malformed(`has no JSON Pointer as ${name}`);
    return tokens;
  };
  const { op } = operation;
  switch (op) {
    case 'add':
    case 'replace':
    case 'test':
      if (!Object.hasOwn(operation, 'value')) throw malformed('has no value');
      // A copy is taken for the check of its depth.
      return { op, path: pointer('path'), value: copyJson(operation.value) };
    case 'remove':
      return { op, path: pointer('path') };
    case 'move':
    case 'copy':
      return { op, from: pointer('from'), path: pointer('path') };
    default:
      throw malformed('is none of add, remove, replace, move, copy and test');
  }
}

/**
 * One operation on a document, which it changes. The library does the change, once this has made sure that it will be the one of
 * the RFC: by itself it follows inherited members, takes `length` for an element of a list, and adds behind the end.
 */
class Step {
  constructor(
    readonly document: unknown,
    readonly index: number,
  ) {}

  refused(why: string): Fault {
    return new Fault('unprocessable', `Operation ${this.index + 1} of the patch ${why}; nothing was changed.`);
  }

  value(path: Path): unknown {
    return path.length === 0 ? this.document : this.#existing(path).value;
  }

  test(path: Path, equal: (value: unknown) => boolean): void {
    if (!equal(this.value(path))) throw this.refused('tests for a value that is not there');
  }

  /** The document, which is another only when the whole of it is added. */
  add(path: Path, value: unknown): unknown {
    if (path.length === 0) return value;
    const target = locate(this.document, path);
    if (!target) throw this.refused('adds to a place that does not exist');
    return this.#apply({ op: 'add', path: pointer(target.parent, target.key), value }, target.parent);
  }

  replace(path: Path, value: unknown): unknown {
    if (path.length === 0) return value;
    const { parent, key } = this.#existing(path);
    return this.#apply({ op: 'replace', path: pointer(parent, key), value }, parent);
  }

  remove(path: Path): void {
    if (path.length === 0) throw this.refused('removes the whole resource');
    const { parent, key } = this.#existing(path);
    this.#apply({ op: 'remove', path: pointer(parent, key) }, parent);
  }

  #existing(path: Path) {
    const target = locate(this.document, path);
    if (!target?.exists) throw this.refused('names a place that does not exist');
    return target;
  }

  #apply(operation: Parameters<typeof applyPatch>[1][number], parent: JsonObject | unknown[]): unknown {
    const [failure] = applyPatch(parent, [operation]);
    if (failure) throw this.refused('cannot be applied');
    return this.document;
  }
}

const pointer = (parent: JsonObject | unknown[], key: string | number): string =>
  Array.isArray(parent) ? `/${key}` : `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`;

function size(value: unknown, depth = 0): number {
  if (depth > deepest) throw new Fault('too-large', `The patch nests more than ${deepest} levels.`);
  if (typeof value !== 'object' || value === null) return 1;
  return Object.values(value).reduce<number>((sum, member) => sum + size(member, depth + 1), 1);
}
