import { EncodeError } from '../mapping/codec.js';
import { isConceptCodec } from '../mapping/codecs/concept.js';
import { evaluator } from '../source/evaluate.js';
import type { DistinctRelation, Relation } from '../source/relation.js';
import { TRUE } from '../source/selection.js';
import type { Examined, Live } from './examined.js';
import { excludes } from './excludes.js';
import type { Finding } from './finding.js';
import { type Leaf, leaves } from './leaves.js';

const distinctRead = 2000;
const shown = 20;
/** A longer text is free text, which may tell of a person. */
const longest = 60;

/** Elements that a write could not give back as they were, and codes that stand for several texts. */
export function checkLoss({ name: source, mappings: { mappings }, setting }: Examined): readonly Finding[] {
  return mappings.flatMap((mapping) => {
    const at = { source, mapping: mapping.definition.name };
    return leaves(mapping, setting).flatMap((leaf): Finding[] => {
      const place = leaf.path;
      const ambiguous = withoutInverse(leaf);
      return [
        ...(leaf.codec.kind === 'lossy' || leaf.codec.kind === 'readonly'
          ? [
              {
                severity: 'information',
                kind: 'lossy-element',
                ...at,
                place,
                message: `${leaf.of.column} is ${leaf.codec.kind}: what is read cannot be written back as it was.`,
              } as const,
            ]
          : []),
        ...ambiguous.map(
          ({ code, texts, own }): Finding => ({
            severity: own ? 'information' : 'warning',
            kind: 'code-without-inverse',
            ...at,
            place,
            message: `${code} stands for ${texts.map((text) => JSON.stringify(text)).join(', ')}${own ? "; only the source's own coding beside it tells them apart" : ', and none of them is named canonical'}.`,
          }),
        ),
      ];
    });
  });
}

/** Codes from which no one text can be written. */
function withoutInverse({ codec, of }: Leaf): readonly { code: string; texts: readonly string[]; own: boolean }[] {
  const texts = known({ codec, of });
  const byCode = new Map<string, { texts: string[]; encoded: unknown }>();
  const add = (code: string, text: string, value: unknown) => {
    const one = byCode.get(code) ?? { texts: [], encoded: value };
    one.texts.push(text);
    byCode.set(code, one);
  };
  for (const text of texts) {
    const value = codec.decode(text);
    if (!isConceptCodec(codec)) add(String(value), text, value);
    else {
      const { coding } = value as { coding?: readonly { system: string; code: string }[] };
      for (const one of coding ?? [])
        if (one.system !== codec.concept.system) add(`${one.system}|${one.code}`, text, { coding: [one] });
    }
  }
  return [...byCode]
    .filter(([, one]) => one.texts.length > 1 && codec.encode(one.encoded) instanceof EncodeError)
    .map(([code, one]) => ({ code, texts: one.texts, own: isConceptCodec(codec) }));
}

/** The texts that a coded column's table or ConceptMap knows; none when it has no table. */
function known({ codec, of }: Pick<Leaf, 'codec' | 'of'>): readonly string[] {
  if (isConceptCodec(codec)) return codec.concept.locals(() => true);
  if (codec.type !== 'code') return [];
  const { hi } = codec.preimage({ test: 'present' }, of);
  const held = hi.op === 'or' ? hi.of : [hi];
  return held.flatMap((each) => (each.op === 'in' ? each.values.map(String) : []));
}

/** Texts in the live data of coded columns that their table or ConceptMap does not know. */
export async function checkCodes(live: Live): Promise<readonly Finding[]> {
  const findings = new Map<string, Finding>();
  for (const mapping of live.mappings.mappings) {
    for (const leaf of leaves(mapping, live.setting)) {
      const texts = new Set(known(leaf));
      const relation = distinctOf(leaf);
      const key = JSON.stringify([relation, leaf.of, leaf.where, [...texts]], (_, each) =>
        typeof each === 'bigint' ? String(each) : each,
      );
      if (texts.size === 0 || !relation || findings.has(key)) continue;
      const unknown = (await distinctTexts(relation, leaf, live)).filter((text) => !texts.has(text));
      if (unknown.length === 0) continue;
      const concept = isConceptCodec(leaf.codec);
      findings.set(key, {
        severity: concept ? 'information' : 'warning',
        kind: 'unknown-code',
        source: live.name,
        mapping: mapping.definition.name,
        place: `${placeOf(leaf.relation)}${leaf.of.column}`,
        message: `${list(unknown)} ${unknown.length === 1 ? 'has' : 'have'} no translation: ${concept ? "served as text and the source's own coding" : `${leaf.path} is left out`}.`,
      });
    }
  }
  return [...findings.values()];
}

function distinctOf({ relation, of }: Leaf): DistinctRelation | undefined {
  if (relation.kind === 'distinct') return relation;
  if (relation.kind === 'constant') return undefined;
  return {
    kind: 'distinct',
    name: `${relation.name}.${of.column}`,
    key: ['value'],
    columns: { value: { name: 'value', path: ['value'] } },
    of: [{ table: relation, column: of.column }],
  };
}

async function distinctTexts(
  relation: DistinctRelation,
  { of, where }: Leaf,
  { adapter, call }: Live,
): Promise<readonly string[]> {
  const evaluate = evaluator(of);
  const found = new Set<string>();
  const output = [{ kind: 'column', column: 'value' }] as const;
  const order = [{ of: { column: 'value', as: 'raw' }, direction: 'asc' }] as const;
  for await (const { rows } of adapter.scan({ relation, output, where: TRUE, order, limit: distinctRead }, call())) {
    for (const [cell = null] of rows) {
      const value = evaluate(cell);
      if (value !== null && !where.some((selection) => excludes(selection, of.column, cell))) found.add(String(value));
    }
  }
  return [...found].sort();
}

function placeOf(relation: Relation): string {
  return relation.kind === 'table' ? `${relation.name}.` : '';
}

function list(texts: readonly string[]): string {
  const short = texts.filter((text) => text.length <= longest).slice(0, shown);
  const more = texts.length - short.length;
  return [...short.map((text) => JSON.stringify(text)), ...(more > 0 ? [`${more} more`] : [])].join(', ');
}
