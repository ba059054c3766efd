import type { CodeableConcept, Coding } from '@medplum/fhirtypes';
import type { Translation } from '../../terminology/translation.js';
import { always, exactly, never } from '../bracket.js';
import { type Codec, EncodeError } from '../codec.js';
import { held } from './held.js';

const was = held('text');

export interface ConceptOptions {
  /** System of the source's own coding, added beside every translation: it keeps a lossy translation invertible. */
  readonly system: string;
  /** Canonical URL of the ConceptMap (in `profiles/`, or in the mapping folder's `codes/`). Without one: text and own coding. */
  readonly map?: string;
  /** The text that a column which holds nothing stands for, where the table means one by that. */
  readonly absent?: string;
}

/** R4 conceptmap.html#ConceptMap.group.element.target.equivalence: the target says no less and no more than the source, or something wider that is still true. */
const served = new Set(['equivalent', 'equal', 'wider', 'subsumes']);

/** A codec that also answers for its codings: a token search names a system and a code. */
export interface ConceptCodec extends Codec<CodeableConcept> {
  readonly concept: {
    /** The source's own system: any text is a code of it. */
    readonly system: string;
    /** The text that a column stands for which holds nothing. */
    readonly absent?: string;
    /** Local texts whose translation satisfies the test. */
    locals(
      test: (coding: { readonly system: string; readonly code: string; readonly display?: string }) => boolean,
    ): readonly string[];
  };
}

/** A column of local codes or free text as a CodeableConcept. */
export function concept(options: ConceptOptions, translation: Translation | undefined): ConceptCodec {
  const targets = translation?.targets ?? new Map<string, never>();
  const made = new Map<string, CodeableConcept>();
  for (const [local, codings] of targets) {
    made.set(local, {
      coding: [
        ...codings.filter((c) => served.has(c.equivalence)).map(coding),
        { system: options.system, code: local },
      ],
      text: local,
    });
  }
  const decode = (text: string) => made.get(text) ?? own(text, options.system);
  const { absent } = options;
  return {
    kind: absent === undefined ? 'iso' : 'normalising',
    as: 'text',
    type: 'CodeableConcept',
    table: { options, targets },
    ...(absent !== undefined && { absent: decode(absent) }),
    decode: (value) => decode(value as string),
    encode: (value, previous) => {
      // A text that cannot be a code has no coding: it is the text.
      const own = value.coding ? value.coding.find((c) => c.system === options.system)?.code : value.text;
      if (own !== undefined && own === absent && was(previous) === null) return previous ?? null;
      if (own !== undefined) return was(previous) === own ? previous! : own;
      const candidates = [...targets].filter(([, codings]) =>
        codings.some(
          (c) =>
            (c.equivalence === 'equivalent' || c.equivalence === 'equal') &&
            value.coding?.some((v) => v.system === c.system && v.code === c.code),
        ),
      );
      return candidates.length === 1
        ? candidates[0]![0]
        : new EncodeError(`The source has ${candidates.length} codes for this concept.`);
    },
    preimage: (test, of) =>
      test.test === 'present' ? (absent === undefined ? exactly({ op: 'present', of }) : always) : never,
    order: () => undefined,
    concept: {
      system: options.system,
      ...(absent !== undefined && { absent }),
      locals: (test) =>
        [...targets]
          .filter(([, codings]) => codings.some((c) => served.has(c.equivalence) && test(c)))
          .map(([local]) => local),
    },
  };
}

/** R4 datatypes.html#code: no white space but single blanks. A text that cannot be a code stays a text. */
export function isCode(text: string): boolean {
  return /^\S+( \S+)*$/.test(text);
}

function own(text: string, system: string): CodeableConcept {
  return isCode(text) ? { coding: [{ system, code: text }], text } : { text };
}

function coding({ system, code, display }: { system: string; code: string; display?: string }): Coding {
  return { system, code, ...(display !== undefined && { display }) };
}

export function isConceptCodec(codec: Codec<unknown>): codec is ConceptCodec {
  return 'concept' in codec;
}
