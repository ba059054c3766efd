import { prefixes } from '../oracle/criteria.js';
import { type ColumnKind, dirtyCells } from '../oracle/dirty.js';
import type { Tally } from './campaign.js';
import { illegalKinds } from './illegal.js';

const types = ['string', 'token', 'date', 'number', 'quantity', 'reference', 'uri'];
const modifiers = ['none', 'exact', 'contains', 'missing', 'not', 'text', 'identifier', '[type]'];
const kinds: readonly ColumnKind[] = ['text', 'code', 'phone', 'date', 'dateTime', 'decimal', 'integer', 'boolean'];

/** What a whole proof must have met: every type, prefix and modifier, every kind of dirty cell, odd and repeated keys. */
export const required: readonly string[] = [
  ...types.map((type) => `type:${type}`),
  ...modifiers.map((modifier) => `modifier:${modifier}`),
  ...['date', 'number', 'quantity'].flatMap((type) =>
    ['none', ...prefixes].map((prefix) => `prefix:${type}-${prefix}`),
  ),
  ...['string', 'token', 'date', 'number', 'quantity', 'reference', 'uri', 'asc', 'desc', '1', '2', '3'].map(
    (sort) => `sort:${sort}`,
  ),
  ...['and', 'or', 'repeat', 'count', 'missing:true', 'missing:false'],
  ...[...new Set(kinds.flatMap((kind) => dirtyCells(kind).map((cell) => cell.kind)))].map((kind) => `dirty:${kind}`),
  ...['to', 'from', 'typed', 'plain', 'none', 'not', 'missing'].map((kind) => `chain:${kind}`),
  ...illegalKinds.map((kind) => `illegal:${kind}`),
  ...['odd', 'repeated', 'too long'].map((kind) => `dirty:key:${kind}`),
];

export function lacking({ tags, dirt }: Tally): readonly string[] {
  const met = new Set([...Object.keys(tags), ...Object.keys(dirt).map((kind) => `dirty:${kind}`)]);
  return required.filter((tag) => !met.has(tag));
}

/** The tallies of several runs as one. */
export function together(tallies: readonly Tally[]): Tally {
  const sum = (pick: (tally: Tally) => number) => tallies.reduce((total, tally) => total + pick(tally), 0);
  const counts = (pick: (tally: Tally) => Readonly<Record<string, number>>) => {
    const all: Record<string, number> = {};
    for (const tally of tallies)
      for (const [key, count] of Object.entries(pick(tally))) all[key] = (all[key] ?? 0) + count;
    return all;
  };
  return {
    cases: sum(({ cases }) => cases),
    answered: sum(({ answered }) => answered),
    refused: sum(({ refused }) => refused),
    resources: sum(({ resources }) => resources),
    tags: counts(({ tags }) => tags),
    dirt: counts(({ dirt }) => dirt),
    differences: tallies.flatMap(({ differences }) => differences),
  };
}
