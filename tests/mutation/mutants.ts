/** A named mistake: one place in the build, and what stands there instead. */
export interface Mutant {
  readonly name: string;
  readonly file: string;
  readonly find: string;
  readonly put: string;
}

/** Mistakes that this kind of server makes, each of which the property must notice. */
export const mutants: readonly Mutant[] = [
  {
    name: 'lt is le',
    file: 'mapping/codecs/date.js',
    find: 'return { ...all, to: up(low) };',
    put: 'return { ...all, to: Math.max(up(low), down(high)) };',
  },
  {
    name: 'gender other is nothing',
    file: 'mapping/codecs/codes.js',
    find: 'decode: (value) => forward.get(value)',
    put: "decode: (value) => value === 'Other' ? undefined : forward.get(value)",
  },
  {
    name: ':not without exchange of the bounds',
    file: 'mapping/bracket.js',
    find: '{ lo: complement(of.hi), hi: complement(of.lo) }',
    put: '{ lo: complement(of.lo), hi: complement(of.hi) }',
  },
  {
    name: 'a page begins at the row that the last one ended with',
    file: 'execution/stream-reader.js',
    find: '{ values: place, inclusive: false }',
    put: '{ values: place, inclusive: true }',
  },
  {
    name: 'missing values first',
    file: 'execution/order.js',
    find: 'a === null ? 1 : -1',
    put: 'a === null ? -1 : 1',
  },
  {
    name: 'a short page is continued after its last match',
    file: 'execution/page.js',
    find: '{ matches, next: scanned, cut: true }',
    put: '{ matches, next: emitted, cut: true }',
  },
  {
    name: 'a source that failed is asked again',
    file: 'execution/search.js',
    find: 'new Map(cursor?.excluded.map((source) => [source, excluded(source)]))',
    put: 'new Map()',
  },
  {
    name: 'ties between streams by key alone',
    file: 'execution/order.js',
    find: 'if (tags !== 0)',
    put: 'if (false)',
  },
  {
    name: 'one code of many in the inverse image',
    file: 'mapping/codecs/codes.js',
    find: '.flatMap(([, texts]) => texts)',
    put: '.flatMap(([, texts]) => texts.slice(0, 1))',
  },
  {
    name: 'a chain that does not hold is let through',
    file: 'execution/chain-check.js',
    find: '{ ...item, refused: true }',
    put: 'item',
  },
  {
    name: 'a chain leads to any resource',
    file: 'plan/link.js',
    find: ', ...conditions.map((condition) => mapping.condition(condition))',
    put: '',
  },
];
