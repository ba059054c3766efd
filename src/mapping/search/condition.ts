import { componentPaths, type SearchPath, type Step, searchPaths } from '../../fhir/search-path.js';
import type { Condition, SearchValue } from '../../query/query.js';
import { and as all } from '../../source/selection.js';
import { always, and, type Bracket, exactly, never, not, or, unknown } from '../bracket.js';
import type { IdScheme } from '../id-scheme.js';
import { alive, child, keyCells, keyEquals, leaf, type SearchSetting, slots, within } from '../leaf.js';
import { kindOf, type Node, type ReferenceBinding } from '../template.js';
import { date } from './date.js';
import { asLists } from './lists.js';
import { number, quantity } from './number.js';
import { reference, uri } from './reference.js';
import { string } from './string.js';
import { identifier, token, tokenText } from './token.js';

/** What a condition is compiled against: a template of one resource type, its id included. */
export interface Searched {
  readonly type: string;
  readonly id: IdScheme;
  readonly root: Node;
  readonly setting: SearchSetting;
}

type Test = (node: Node, path: SearchPath) => Bracket;

/** The rows whose resource satisfies a condition. A path that the template does not have selects nothing: the source is not asked. */
export function compileCondition(condition: Condition, searched: Searched): Bracket {
  const { parameter, modifier, values, missing } = condition;
  if (parameter.code === '_id') return modifier === 'missing' ? (missing ? never : always) : byId(condition, searched);
  const paths = searchPaths(parameter, searched.type);
  if (!paths) return unknown;
  if (modifier === 'missing') {
    const present = anyPath(searched, paths, (node, path) => onTarget(node, path, alive(node, searched.setting)));
    return missing ? not(present) : present;
  }
  const found = asLists(
    or(
      ...values.map((value) =>
        anyPath(searched, paths, (node, path) => element(node, path, value, condition, searched)),
      ),
    ),
  );
  return modifier === 'not' ? not(found) : found;
}

/** Can the template hold anything at the parameter's paths? Otherwise the mapping does not know the parameter. */
export function reaches(parameter: Condition['parameter'], searched: Searched): boolean {
  if (parameter.code === '_id') return true;
  const paths = searchPaths(parameter, searched.type);
  return (
    paths?.some(
      (path) =>
        atPath(searched, path.anyOf ?? [path], (node, at) => onTarget(node, at, alive(node, searched.setting))).hi
          .op !== 'false',
    ) ?? false
  );
}

/** The rows with something at one of these paths that passes a test. */
export function atPath(searched: Searched, paths: readonly SearchPath[], test: Test): Bracket {
  return or(...paths.map((path) => along(searched.root, path.steps, path, searched.setting, test)));
}

function anyPath(searched: Searched, paths: readonly SearchPath[], test: Test): Bracket {
  return or(
    ...paths.map((path) => {
      if (!path.anyOf) return along(searched.root, path.steps, path, searched.setting, test);
      // One boolean, always there: whether anything at these paths is there and is not `false` (Patient.deceased).
      const any = atPath(searched, path.anyOf, (node, { type }) =>
        type === 'boolean'
          ? leaf(node, { test: 'equals', text: 'true' }, searched.setting)
          : alive(node, searched.setting),
      );
      return or(and(any, test(true, path)), and(not(any), test(false, path)));
    }),
  );
}

/** Follows a path down the template; what it leads through stays around the test. */
function along(node: Node, steps: readonly Step[], path: SearchPath, setting: SearchSetting, test: Test): Bracket {
  const [step, ...rest] = steps;
  if (!step) return within(node, (slot) => test(slot, path));
  return within(node, (slot) => {
    const kind = kindOf(slot);
    if (kind === 'constant') return never;
    if (kind !== 'element') return unknown;
    const next = child(slot, step.name);
    const { where } = step;
    const visit = (one: Node): Bracket => {
      if (!where) return along(one, rest, path, setting, test);
      const chosen = leaf(child(one, where.name), { test: 'equals', text: where.equals }, staticSetting);
      return chosen.hi.op === 'false' ? never : and(chosen, along(one, rest, path, setting, test));
    };
    // Every resource says its source: `meta` is there whether or not the row knows more of it.
    return step.name === 'meta' ? within(next, visit) : slots(next, setting, visit);
  });
}

/** Only references to the type that the path asks for. */
function onTarget(node: Node, { target }: SearchPath, found: Bracket): Bracket {
  return target === undefined ? found : and(leadsTo(node, target), found);
}

/** `where(resolve() is Patient)`: told by the literal reference, and by Reference.type where there is none. */
function leadsTo(node: Node, target: string): Bracket {
  const literals: Node[] = [];
  within(child(node, 'reference'), (literal) => {
    literals.push(literal);
    return never;
  });
  const stated = child(node, 'type') === target;
  const leads = (literal: Node) => kindOf(literal) === 'reference' || kindOf(literal) === 'linked';
  const right = literals.filter((literal) => leads(literal) && (literal as ReferenceBinding).type === target).length;
  if (right === literals.length && stated) return always;
  if (right < literals.length) return right === 0 && !stated && literals.every(leads) ? never : unknown;
  return alive(child(node, 'reference'), staticSetting);
}

/** Discriminators of slots are constants: no late codec is asked. */
const staticSetting: SearchSetting = {
  source: '',
  timeZone: 'UTC',
  baseUrl: '',
  conceptMap: () => {
    throw new RangeError('a discriminator is not a concept');
  },
};

function element(node: Node, path: SearchPath, value: SearchValue, condition: Condition, searched: Searched): Bracket {
  const { setting } = searched;
  switch (value.kind) {
    case 'string':
      return condition.modifier === 'text'
        ? tokenText(node, value, path, setting)
        : string(node, value, condition.modifier, path, setting);
    case 'token':
      return token(node, value, path, setting);
    case 'date':
      return date(node, value, path, setting);
    case 'number':
      return number(node, value, path, setting);
    case 'quantity':
      return quantity(node, value, path, setting);
    case 'reference':
      // The literal that is asked for says its type itself.
      return reference(node, value, path, setting);
    case 'identifier':
      return onTarget(node, path, identifier(node, value, path, setting));
    case 'uri':
      return uri(node, value, path, setting);
    case 'composite':
      return composite(node, path, value.parts, condition, searched);
  }
}

/** R4 search.html#composite: every part within the same element. */
function composite(
  node: Node,
  at: SearchPath,
  parts: readonly SearchValue[],
  condition: Condition,
  searched: Searched,
): Bracket {
  const components = condition.parameter.component ?? [];
  return and(
    ...parts.map((part, i) => {
      const component = components[i] && componentPaths(components[i].expression, at, searched.type);
      if (!component) return never;
      const from = component.fromResource ? searched.root : node;
      return or(
        ...component.paths.map((path) =>
          along(from, path.steps, path, searched.setting, (inner, p) => element(inner, p, part, condition, searched)),
        ),
      );
    }),
  );
}

/** R4 search.html#id: exact. An id of another source, or one that no row can have, selects nothing. */
function byId({ values, modifier }: Condition, { id, setting }: Searched): Bracket {
  const found = asLists(
    or(
      ...values.map((value) => {
        const key =
          value.kind === 'token' && value.code !== undefined && value.system === undefined
            ? keyCells(id, value.code, setting)
            : undefined;
        return key
          ? exactly(all(...id.relation.key.map((column, i) => keyEquals({ column, as: 'raw' }, key[i]!))))
          : never;
      }),
    ),
  );
  return modifier === 'not' ? not(found) : found;
}
