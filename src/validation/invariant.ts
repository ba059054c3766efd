import { elements } from '../fhir/elements.js';
import { fhirPath } from '../fhir/fhir-path.js';
import type { Constraint } from './definitions.js';

type Json = Readonly<Record<string, unknown>>;

/** The variables of FHIRPath that R4 fhirpath.html#variables names. */
export interface Surroundings {
  /** The resource that holds the element: a contained one, where it is in one. */
  readonly resource: Json;
  readonly rootResource: Json;
}

/** A constraint that is ready to run. */
export interface Invariant extends Constraint {
  /** Does it hold of an element? Undefined where it cannot be evaluated. */
  readonly holds: (element: unknown, surroundings: Surroundings) => boolean | undefined;
}

/** The same in words that the library reads as they are meant. */
const reworded: Readonly<Record<string, string>> = {
  // Without a code every quantity would be taken for the smaller one.
  'rng-2':
    'low.value.empty() or high.value.empty() or iif(low.system ~ high.system and low.code ~ high.code, low.value <= high.value, low.code.empty() or high.code.empty() or low <= high)',
  // A regex is read with the flag u of JavaScript, which allows no needless escape.
  'eld-19': String.raw`path.matches('[^\\s.,:;\\u0027"/|?!@#$%&*()\\[\\]{}]{1,64}(\\.[^\\s.,:;\\u0027"/|?!@#$%&*()\\[\\]{}]{1,64}(\\[x\\])?(:[^\\s.]+)?)*')`,
  'eld-20': String.raw`path.matches('[A-Za-z][A-Za-z0-9]*(\\.[a-z][A-Za-z0-9]*(\\[x\\])?)*')`,
};

/** A name, or a path, is to match as a whole: R4 was written before `matches` asked for a part (FHIRPath N1, 5.6.9). */
function asMeant({ key, expression }: Constraint): string {
  return (reworded[key] ?? expression).replaceAll('matches(', 'matchesFull(');
}

/** What does not depend on the elements of `$this` alone. */
const farther = /%(?!ucum\b)|\$this\b|\b(?:descendants|children|repeat|resolve|conformsTo)\(/;
/** A function of `$this`: a call that no dot precedes. */
const ofThis = /(?<![.\w])(?!iif\b)[a-z]\w*\(/i;
/** Nothing but which elements are there. */
const ofPresence = /^(?:\s|[()=]|!=|\b(?:and|or|xor|implies)\b|(?:\b\w+|`\w+`)\.(?:exists|empty)\(\)(?:\.not\(\))?)+$/;

/**
 * Prepares a constraint of the elements of a path in elements.ts. Most elements lack what most constraints are about, and many
 * constraints are about presence alone: what FHIRPath says of such an element is asked for once and remembered.
 */
export function createInvariant(constraint: Constraint, path: string): Invariant {
  const expression = asMeant(constraint);
  const evaluate = evaluator(expression, path);
  const names = namesIn(expression, path);
  if (names === undefined || names.length > 30) return { ...constraint, holds: evaluate };
  const alone = isOfPresence(expression, names);
  const known = new Map<number, boolean | undefined>();
  return {
    ...constraint,
    holds: (element, surroundings) => {
      const present = presence(element as Json, names);
      if (present !== 0 && !alone) return evaluate(element, surroundings);
      if (!known.has(present)) known.set(present, evaluate(element, surroundings));
      return known.get(present);
    },
  };
}

function evaluator(expression: string, path: string): Invariant['holds'] {
  let run: ((element: unknown, surroundings: Surroundings) => unknown[]) | undefined;
  return (element, { resource, rootResource }) => {
    try {
      if (!run) {
        const { compile, model } = fhirPath();
        // Its own trace would write values of the resource to the console.
        const options = { traceFn: () => {}, preciseMath: true };
        run = compile({ base: path, expression }, model, options) as unknown as typeof run;
      }
      const result = run!(element, { resource, rootResource } as never);
      return result[0] === true;
    } catch {
      return undefined;
    }
  };
}

/** Names of the JSON elements, all types of a choice together, that decide about an expression; undefined where others do as well. */
function namesIn(expression: string, path: string): readonly (readonly string[])[] | undefined {
  const near = withoutInner(expression.replace(/'(?:[^'\\]|\\.)*'/g, "''"));
  const own = path.includes('.') ? /^$/ : new RegExp(`\\b${path}\\.`);
  if (farther.test(near) || ofThis.test(near) || own.test(near)) return undefined;
  const mentioned = new Set(near.match(/(?<![.\w])[a-z]\w*/gi) ?? []);
  const names = new Map<string, string[]>();
  for (const { name, choice } of elements(path)?.values() ?? []) {
    const key = choice ?? name;
    if (mentioned.has(key)) names.set(key, [...(names.get(key) ?? []), name, `_${name}`]);
  }
  return [...names.values()];
}

/** Without what `where` and its like ask of the elements of a path: where the path leads nowhere they ask nothing. */
function withoutInner(expression: string): string {
  let kept = '';
  for (let at = 0; at < expression.length; at++) {
    kept += expression[at];
    if (expression[at] !== '(' || !/\.(?:where|select|all|exists)\($/.test(kept)) continue;
    for (let depth = 1; depth > 0 && ++at < expression.length; )
      depth += expression[at] === '(' ? 1 : expression[at] === ')' ? -1 : 0;
    kept += ')';
  }
  return kept;
}

function isOfPresence(expression: string, names: readonly unknown[]): boolean {
  return ofPresence.test(expression) && names.length > 0;
}

/** One bit for each of the names. */
function presence(element: Json, names: readonly (readonly string[])[]): number {
  let bits = 0;
  for (let index = 0; index < names.length; index++)
    for (const name of names[index]!)
      if (name in element) {
        bits |= 1 << index;
        break;
      }
  return bits;
}
