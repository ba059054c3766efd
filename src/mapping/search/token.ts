import { codeSystems } from '../../fhir/code-system.js';
import type { SearchPath } from '../../fhir/search-path.js';
import type { IdentifierValue, StringValue, TokenValue } from '../../query/query.js';
import type { Expression } from '../../source/expression.js';
import { fold } from '../../source/fold.js';
import { FALSE } from '../../source/selection.js';
import { always, and, type Bracket, exactly, never, not, or, unknown } from '../bracket.js';
import { type ConceptCodec, isCode, isConceptCodec } from '../codecs/concept.js';
import { passes } from '../codecs/text.js';
import { alive, child, codecOf, leaf, type SearchSetting, slots } from '../leaf.js';
import { type Binding, kindOf, type Node } from '../template.js';

type Wanted = TokenValue | IdentifierValue;

/** R4 search.html#token: system and code of one and the same coding. */
export function token(node: Node, wanted: Wanted, path: SearchPath, setting: SearchSetting): Bracket {
  switch (path.type) {
    case 'CodeableConcept': {
      const concept = conceptOf(node, setting);
      if (concept) return conceptToken(concept, wanted);
      if (kindOf(node) !== 'element') return unknown;
      return slots(child(node, 'coding'), setting, (coding) => coded(coding, 'code', wanted, setting));
    }
    case 'Coding':
      return coded(node, 'code', wanted, setting);
    case 'Identifier':
      return coded(node, 'value', wanted, setting);
    case 'ContactPoint':
      return kindOf(node) === 'element' ? bare(child(node, 'value'), wanted, [], setting) : unknown;
    case 'code':
      return bare(node, wanted, path.valueSet === undefined ? [] : codeSystems(path.valueSet), setting);
    case 'boolean':
    case 'string':
    case 'id':
    case 'uri':
      return bare(node, wanted, [], setting);
    default:
      return never;
  }
}

/** `:identifier`: Reference.identifier, never the target's own (R4 search.html#reference). */
export function identifier(node: Node, wanted: IdentifierValue, path: SearchPath, setting: SearchSetting): Bracket {
  if (path.type !== 'Reference') return never;
  return slots(child(node, 'identifier'), setting, (of) => coded(of, 'value', wanted, setting));
}

/** `:text`: a string search on the texts that stand beside the code. */
export function tokenText(node: Node, wanted: StringValue, path: SearchPath, setting: SearchSetting): Bracket {
  const test = { test: 'prefix', folded: fold(wanted.text) } as const;
  switch (path.type) {
    case 'CodeableConcept': {
      const concept = conceptOf(node, setting);
      if (!concept)
        return or(
          leaf(child(node, 'text'), test, setting),
          slots(child(node, 'coding'), setting, (coding) => leaf(child(coding, 'display'), test, setting)),
        );
      const displayed = concept.codec.concept.locals(({ display }) => display !== undefined && passes(display, test));
      const { absent } = concept.codec.concept;
      return or(
        exactly({ op: 'prefix', of: { ...concept.of, as: 'fold' }, value: test.folded }),
        absent !== undefined && passes(absent, test) ? nothing(concept) : never,
        oneOf(concept, displayed),
      );
    }
    case 'Coding':
      return leaf(child(node, 'display'), test, setting);
    case 'Identifier':
      return slots(child(node, 'type'), setting, (type) => leaf(child(type, 'text'), test, setting));
    default:
      return never;
  }
}

interface Concept {
  readonly of: Expression;
  readonly codec: ConceptCodec;
}

function conceptOf(node: Node, setting: SearchSetting): Concept | undefined {
  if (kindOf(node) !== 'binding') return undefined;
  const binding = node as Binding<unknown>;
  const codec = codecOf(binding, setting);
  return isConceptCodec(codec) ? { of: binding.of, codec } : undefined;
}

/** Every coding has a system, so `|code` finds none; the source's own coding holds the text itself. */
function conceptToken(concept: Concept, { system, code }: Wanted): Bracket {
  const { of, codec } = concept;
  if (system === '') return never;
  const own = system === undefined || system === codec.concept.system;
  const { absent } = codec.concept;
  // A text that cannot be a code has no coding: `system|` is a superset.
  const any: Bracket =
    absent !== undefined && isCode(absent)
      ? or(nothing(concept), { lo: FALSE, hi: { op: 'present', of } })
      : { lo: FALSE, hi: { op: 'present', of } };
  const self = !own
    ? never
    : code === undefined
      ? any
      : isCode(code)
        ? or(exactly({ op: 'compare', of, test: 'eq', value: code }), code === absent ? nothing(concept) : never)
        : never;
  const translated = codec.concept.locals(
    (coding) => (system === undefined || coding.system === system) && (code === undefined || coding.code === code),
  );
  return or(self, oneOf(concept, translated));
}

/** The rows that hold one of these texts, or stand for it by holding nothing. */
function oneOf(concept: Concept, values: readonly string[]): Bracket {
  if (values.length === 0) return never;
  const held = exactly({ op: 'in', of: concept.of, values });
  const { absent } = concept.codec.concept;
  return absent !== undefined && values.includes(absent) ? or(held, nothing(concept)) : held;
}

function nothing({ of }: Concept): Bracket {
  return exactly({ op: 'not', of: { op: 'present', of } });
}

function coded(node: Node, name: string, { system, code }: Wanted, setting: SearchSetting): Bracket {
  if (kindOf(node) !== 'element') return unknown;
  const own = child(node, 'system');
  const inSystem =
    system === undefined
      ? always
      : system === ''
        ? not(alive(own, setting))
        : leaf(own, { test: 'equals', text: system }, setting);
  return and(
    inSystem,
    code === undefined ? alive(node, setting) : leaf(child(node, name), { test: 'equals', text: code }, setting),
  );
}

/** A code without a coding: its systems are known from its definition. */
function bare(
  node: Node | undefined,
  { system, code }: Wanted,
  systems: readonly string[],
  setting: SearchSetting,
): Bracket {
  const inSystem = system === undefined || (system === '' ? systems.length === 0 : systems.includes(system));
  if (!inSystem) return never;
  return code === undefined ? alive(node, setting) : leaf(node, { test: 'equals', text: code }, setting);
}
