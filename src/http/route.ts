import { Fault } from '../errors/fault.js';
import type { TypeCapability } from '../execution/engine.js';
import type { Interaction } from '../interactions/interaction.js';

/** Where a request goes. */
export interface Routed {
  readonly interaction: Interaction;
  /** Method and pattern, for the log. */
  readonly name: string;
  readonly type: string;
  readonly id: string;
  /** The segment `:version`. */
  readonly version: string;
  /** What else is offered at the path, for `Allow`. */
  readonly others: readonly string[];
}

interface Pattern {
  readonly segments: readonly string[];
  /** Does it begin with a type? */
  readonly typed: boolean;
  /** Which segment is the id, and which the version; -1: none is. */
  readonly idAt: number;
  readonly versionAt: number;
  readonly byMethod: ReadonlyMap<string, Pick<Routed, 'interaction' | 'name'>>;
  /** For `Allow`. */
  readonly methods: readonly string[];
}

/** Failures of routing that name the methods there are (RFC 9110 section 15.5.6). */
export class MethodNotAllowed extends Fault {
  constructor(readonly allow: string) {
    super('method-not-allowed', `That is not offered here; ${allow} is.`);
  }
}

/**
 * Finds the interaction of a method and a path, by the interaction table. Slashes may be doubled or stand at the end; types and ids
 * are case-sensitive (https://hl7.org/fhir/R4/http.html#general).
 * @throws {Fault} `unknown-path`, `unknown-type`, `method-not-allowed`, `invalid-value`
 */
export function createRouter(
  interactions: readonly Interaction[],
  types: ReadonlyMap<string, TypeCapability>,
  base: string,
) {
  const patterns = patternsOf(interactions);
  const own = new Set(interactions.map(({ type }) => type));
  const below = segmentsOf(base);
  const depth = below.length;
  const outside = new Fault(
    'unknown-path',
    `There is nothing at this path; ${base}/metadata says what the FHIR endpoint does.`,
  );

  return (method: string, path: string): Routed => {
    const segments = segmentsOf(path);
    if (!below.every((segment, index) => segment === segments[index])) throw outside;
    const pattern = patterns.find((each) => fits(each.segments, segments, depth));
    if (!pattern)
      throw segments.length === depth ? acrossTypes() : segments.includes('_history') ? noHistory() : outside;
    const given = segments.slice(depth);
    const type = pattern.typed ? given[0]! : '';
    const id = given[pattern.idAt] ?? '';
    const version = given[pattern.versionAt] ?? '';
    if (type !== '' && !types.has(type)) throw unknownType(type, types);
    if (pattern.segments[0] === ':type' && own.has(type)) throw readAlone(type);
    const offered = (one: string) => {
      const routed = pattern.byMethod.get(one);
      const capability = types.get(type);
      return routed && (!capability || !routed.interaction.offered || routed.interaction.offered(capability))
        ? routed
        : undefined;
    };
    const methods = pattern.methods.filter(offered);
    const found = offered(method);
    if (!found) throw new MethodNotAllowed(methods.join(', '));
    return { ...found, type, id, version, others: methods.filter((one) => one !== method) };
  };
}

function patternsOf(interactions: readonly Interaction[]): readonly Pattern[] {
  const all = interactions.flatMap((interaction) => interaction.routes.map((route) => ({ ...route, interaction })));
  return [...new Set(all.map(({ path }) => path))].map((path) => {
    const byMethod = new Map<string, Pick<Routed, 'interaction' | 'name'>>();
    for (const { method, interaction } of all.filter((each) => each.path === path)) {
      byMethod.set(method, { interaction, name: `${method} ${path}` });
      // https://hl7.org/fhir/R4/http.html#head: HEAD wherever GET is.
      if (method === 'GET') byMethod.set('HEAD', { interaction, name: `HEAD ${path}` });
    }
    const typed = all.some((each) => each.path === path && each.interaction.level !== 'system');
    const segments = segmentsOf(path);
    const [idAt, versionAt] = [segments.indexOf(':id'), segments.indexOf(':version')];
    return { segments, typed, idAt, versionAt, byMethod, methods: [...byMethod.keys()] };
  });
}

function fits(pattern: readonly string[], segments: readonly string[], depth: number): boolean {
  if (segments.length - depth !== pattern.length) return false;
  return pattern.every((part, index) => part.startsWith(':') || part === segments[depth + index]);
}

function segmentsOf(path: string): string[] {
  const segments = path.split('/').filter((segment) => segment !== '');
  if (!path.includes('%')) return segments;
  try {
    return segments.map(decodeURIComponent);
  } catch {
    throw new Fault('invalid-value', 'The path is not valid percent-encoding.');
  }
}

function unknownType(type: string, types: ReadonlyMap<string, TypeCapability>): Fault {
  if (/^[_$]/.test(type)) return acrossTypes();
  return new Fault(
    'unknown-type',
    `This server has no resource type of that name; it has ${[...types.keys()].sort().join(', ')}.`,
  );
}

function acrossTypes(): Fault {
  return new Fault(
    'unknown-path',
    'Nothing but metadata is offered over all types at once; search one type, as in [base]/Patient?_count=10.',
  );
}

/** What is said of a search of a type that has none. */
export function readAlone(type: string): Fault {
  return new Fault('unknown-path', `${type} is read by its id, as in [base]/${type}/[id], and not searched.`);
}

function noHistory(): Fault {
  return new Fault('unknown-path', 'History is not supported: only the current version is known.');
}
