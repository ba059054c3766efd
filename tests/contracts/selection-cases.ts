import type { Comparand, Expression, ExpressionType } from '#src/source/expression.js';
import type { Cell } from '#src/source/row.js';
import { and, not, or, type Selection, type Test } from '#src/source/selection.js';
import { expressionTypes } from './cells.js';

export interface SelectionCase {
  readonly title: string;
  readonly where: Selection;
  /** The cells of `of.column` whose rows are selected, written by hand; without it the reference alone decides. */
  readonly cells?: readonly Cell[];
  readonly column?: string;
}

const as = (type: ExpressionType, column: string, more: Partial<Expression> = {}): Expression => ({
  column,
  as: type,
  ...more,
});
const compare = (of: Expression, test: Test, value: Comparand): Selection => ({ op: 'compare', of, test, value });
const eq = (of: Expression, value: Comparand): Selection => compare(of, 'eq', value);
const starts = (of: Expression, value: string): Selection => ({ op: 'prefix', of, value });
const has = (of: Expression, value: string): Selection => ({ op: 'contains', of, value });
const among = (of: Expression, ...values: Comparand[]): Selection => ({ op: 'in', of, values });
const present = (of: Expression): Selection => ({ op: 'present', of });

const text = as('text', 'name');
const folded = as('fold', 'name');
const raw = as('raw', 'name');
const date = as('date', 'born');
const dateTime = as('dateTime', 'born');
const instant = as('instant', 'born');
const decimal = as('decimal', 'amount');
const integer = as('integer', 'big');
const absent = { absent: ['N/A', 'None'] };

const byHand: readonly SelectionCase[] = [
  {
    title: 'text eq trims white space, but not a no-break space',
    where: eq(text, 'abc'),
    column: 'name',
    cells: ['abc', ' abc', 'abc ', '\tabc\r\n'],
  },
  { title: 'text eq is exact of case and accent', where: eq(text, 'é'), column: 'name', cells: ['é'] },
  { title: 'text eq of an absent text', where: eq(as('text', 'name', absent), 'N/A'), column: 'name', cells: [] },
  { title: 'text eq of an injection', where: eq(text, "' OR '1'='1"), column: 'name', cells: ["' OR '1'='1"] },
  {
    title: 'text eq of a statement',
    where: eq(text, "'; DROP TABLE people; --"),
    column: 'name',
    cells: ["'; DROP TABLE people; --"],
  },
  { title: 'text eq keeps zeros', where: eq(text, '0'), column: 'name', cells: ['0'] },
  { title: 'raw eq does not trim', where: eq(raw, 'abc '), column: 'name', cells: ['abc '] },
  { title: 'raw eq of blank', where: eq(raw, ''), column: 'name', cells: [''] },
  {
    title: 'in finds each',
    where: among(text, 'abc', '100%', "O'Brien", 'nowhere'),
    column: 'name',
    cells: ['abc', ' abc', 'abc ', '\tabc\r\n', '100%', "O'Brien"],
  },
  { title: 'in of nothing', where: among(text), column: 'name', cells: [] },
  { title: 'text prefix of %', where: starts(text, '100%'), column: 'name', cells: ['100%', '100%x'] },
  { title: 'text prefix of _', where: starts(text, 'a_'), column: 'name', cells: ['a_b'] },
  { title: 'text prefix of backslash', where: starts(text, '\\'), column: 'name', cells: ['\\', '\\\\'] },
  { title: 'text contains of %', where: has(text, '%'), column: 'name', cells: ['100%', '100%x', '%', 'a%b'] },
  { title: 'text contains of _', where: has(text, '_'), column: 'name', cells: ['_', 'a_b', 'a\\_b'] },
  {
    title: 'text contains of backslash',
    where: has(text, '\\'),
    column: 'name',
    cells: ['a\\b', 'a\\_b', '\\', '\\\\'],
  },
  { title: 'text contains of brackets', where: has(text, '[a]'), column: 'name', cells: ['[a]'] },
  { title: 'text contains of *', where: has(text, '*'), column: 'name', cells: ['a*b', '/* c */'] },
  { title: "text contains of '", where: has(text, "O'"), column: 'name', cells: ["O'Brien", "O''Brien"] },
  { title: 'text contains of "', where: has(text, '"'), column: 'name', cells: ['"quoted"'] },
  {
    title: 'fold eq without accents',
    where: eq(folded, 'muller'),
    column: 'name',
    cells: ['Müller', 'MULLER', 'Mu\u0308ller', 'Muller\u0308'],
  },
  {
    title: 'fold prefix',
    where: starts(folded, 'smith'),
    column: 'name',
    cells: ['smith', 'Smith', 'SMITH', 'sMiTh', 'Smithson', 'Śmith', 's\u0301mith', 'smi\u0301th', ' smith'],
  },
  { title: 'fold prefix of one letter', where: starts(folded, 'k'), column: 'name', cells: ['\u212Aelvin', 'kelvin'] },
  {
    title: 'fold contains',
    where: has(folded, 'smith'),
    column: 'name',
    cells: [
      'smith',
      'Smith',
      'SMITH',
      'sMiTh',
      'Smithson',
      'Śmith',
      's\u0301mith',
      'smi\u0301th',
      ' smith',
      '\u00a0Smith',
      'de Smith',
    ],
  },
  {
    title: 'fold of dotted and dotless i',
    where: eq(folded, 'istanbul'),
    column: 'name',
    cells: ['İstanbul', 'istanbul', 'ISTANBUL'],
  },
  { title: 'fold keeps ß', where: starts(folded, 'straß'), column: 'name', cells: ['straße', 'Straße 1'] },
  { title: 'fold of Hangul', where: eq(folded, '한국'), column: 'name', cells: ['한국', '한국'.normalize('NFD')] },
  {
    title: 'fold prefix of a supplementary character',
    where: starts(folded, '\u{1f600}'),
    column: 'name',
    cells: ['\u{1f600}', '\u{1f600}x'],
  },
  {
    title: 'text order is of code points',
    where: compare(text, 'gt', 'z\uffee'),
    column: 'name',
    cells: [
      'z\u{1f600}',
      '\u00a0Smith',
      '\u00a0abc\u3000',
      '\u2003',
      '\ufeffabc',
      'É',
      'é',
      'Śmith',
      'İstanbul',
      'ıstanbul',
      '\u212Aelvin',
      'Σίσυφος',
      'ΣΊΣΥΦΟΣ',
      '한국',
      '한국'.normalize('NFD'),
      '한',
      '日本',
      '\u{1f600}',
      '\u{1f600}x',
      '\uffee',
      '\u{10ffff}',
      'ﬁ',
      '{x}',
    ],
  },
  {
    title: 'date eq',
    where: eq(date, '1990-05-17'),
    column: 'born',
    cells: ['1990-05-17', ' 1990-05-17 '],
  },
  {
    title: 'date range',
    where: and(compare(date, 'ge', '1990'), compare(date, 'lt', '1990-05-18')),
    column: 'born',
    cells: ['1990-05-17', '1990-05', '1990', ' 1990-05-17 ', '1990 '],
  },
  {
    title: 'date le of a partial date',
    where: compare(date, 'le', '1990'),
    column: 'born',
    cells: ['1990', '1990 ', '1989-12-31', '0001-01-01'],
  },
  { title: 'date gt', where: compare(date, 'gt', '2001-01-01'), column: 'born', cells: ['9999-12-31', '2010-06'] },
  {
    title: 'a day that does not exist is no date',
    where: compare(date, 'lt', '1'),
    column: 'born',
    cells: ['0001-01-01'],
  },
  {
    title: 'dateTime present',
    where: and(present(dateTime), not(present(date))),
    column: 'born',
    cells: [
      '1990-05-17T10:00:00Z',
      '1990-05-17 10:00',
      '1990-05-17T10:00:00.123+02:00',
      '1990-05-17T10:00:00',
      '1991-05-17 10:00:00.5+00:00',
      ' 1991-05-17T10:00:00.000000001Z',
    ],
  },
  {
    title: 'instant present: of UTC, to the second',
    where: present(instant),
    column: 'born',
    cells: ['1990-05-17T10:00:00Z', '1991-05-17 10:00:00.5+00:00', ' 1991-05-17T10:00:00.000000001Z'],
  },
  {
    title: 'instant of a day, after a time written with a letter',
    where: compare(instant, 'ge', '1991-05-17T10:00:00'),
    column: 'born',
    cells: [' 1991-05-17T10:00:00.000000001Z'],
  },
  {
    title: 'instant of a day, after a time written with a blank',
    where: and(compare(instant, 'ge', '1991-05-17 10:00:00'), compare(instant, 'lt', '1991-05-17!')),
    column: 'born',
    cells: ['1991-05-17 10:00:00.5+00:00'],
  },
  {
    title: 'decimal eq by value',
    where: eq(decimal, '1.5'),
    column: 'amount',
    cells: ['1.5', '1.50', '1.500', '01.5', '+1.5', '15e-1', '1.5E0'],
  },
  { title: 'decimal eq of zero', where: eq(decimal, '0'), column: 'amount', cells: ['-0', '0', '0.0', '-0.00'] },
  {
    title: 'decimal beyond doubles',
    where: eq(decimal, '9007199254740993'),
    column: 'amount',
    cells: ['9007199254740993'],
  },
  {
    title: 'decimal gt beyond doubles',
    where: compare(decimal, 'gt', '123456789012345678901234567890'),
    column: 'amount',
    cells: ['123456789012345678901234567891', '1e30', '1e300', '1e999'],
  },
  {
    title: 'decimal lt',
    where: compare(decimal, 'lt', '-1.5'),
    column: 'amount',
    cells: ['-123456789012345678901234567890', '-1e300', '-7'],
  },
  {
    title: 'decimal present',
    where: not(present(decimal)),
    column: 'amount',
    cells: ['.5', '5.', '1,5', '1 000', 'NaN', 'Infinity', '0x10', 'None', '', null],
  },
  { title: 'integer of 64 bits', where: eq(integer, 9007199254740993n), column: 'big', cells: [9007199254740993n] },
  {
    title: 'integer greatest',
    where: compare(integer, 'gt', 9223372036854775806n),
    column: 'big',
    cells: [9223372036854775807n],
  },
  {
    title: 'integer le',
    where: compare(integer, 'le', -1),
    column: 'big',
    cells: [-1, -9007199254740993n, -9223372036854775808n],
  },
  {
    title: 'part of packed text',
    where: eq(as('text', 'packed', { part: { separator: ',', count: 3, index: 0 } }), 'Pune'),
    column: 'packed',
    cells: [
      'Pune, Maharashtra, India',
      'Pune,Maharashtra,India',
      ' Pune , Maharashtra , India ',
      'Pune, N/A, India',
      'Pune, , India',
    ],
  },
  {
    title: 'inner part of packed text',
    where: eq(as('text', 'packed', { part: { separator: ',', count: 3, index: 1 } }), 'Goa'),
    column: 'packed',
    cells: [
      'PUNE, Goa, India',
      'Puné, Goa, India',
      'Punekar, Goa, India',
      '\u00a0Pune, Goa, India',
      "O'Hara, Goa, 100%",
    ],
  },
  {
    title: 'absent part',
    where: present(as('text', 'packed', { part: { separator: ',', count: 3, index: 1 }, absent: ['N/A'] })),
    column: 'packed',
    cells: [
      'Pune, Maharashtra, India',
      'Pune,Maharashtra,India',
      ' Pune , Maharashtra , India ',
      'PUNE, Goa, India',
      'Puné, Goa, India',
      'Punekar, Goa, India',
      '\u00a0Pune, Goa, India',
      "O'Hara, Goa, 100%",
    ],
  },
  {
    title: 'phone, first of two',
    where: eq(as('text', 'packed', { part: { separator: ',', count: 2, index: 0 } }), '020-123'),
    column: 'packed',
    cells: ['020-123, a@b.org', '020-123,a@b.org'],
  },
  { title: 'null equals nothing', where: eq(text, null), column: 'name', cells: [] },
  {
    title: 'not of a leaf selects nulls',
    where: not(present(as('text', 'name', absent))),
    column: 'name',
    cells: ['', '   ', null, 'N/A', ' N/A ', 'None'],
  },
];

const columns = ['name', 'born', 'amount', 'big', 'score', 'mixed', 'packed'];
const samples: readonly Comparand[] = [
  'abc',
  '1990-05',
  '5',
  '1.5',
  '',
  'N/A',
  '0',
  '1',
  5,
  5n,
  1.5,
  9007199254740993n,
  '9007199254740993',
  true,
  false,
  null,
  'true',
  '1e21',
  '1990',
  1990,
  0.1,
];

/** Tests on every type of expression over every column: the reference decides, no store may differ. */
export const pairs: readonly { readonly title: string; readonly leaves: readonly Selection[] }[] =
  expressionTypes.flatMap((type) =>
    columns.map((column) => {
      const of = as(type, column);
      const leaves: Selection[] = samples.flatMap((value) => [
        ...(['eq', 'lt', 'ge'] as const).map((test) => compare(of, test, value)),
        ...(typeof value === 'string' ? [starts(of, value), has(of, value)] : []),
      ]);
      leaves.push(present(of), among(of, ...samples), present({ ...of, absent: ['abc', '5', '1990', 'None'] }));
      leaves.push(compare(of, 'le', '1990'), compare(of, 'gt', '1990'), compare(of, 'le', 5), compare(of, 'gt', 5n));
      return { title: `${type} of ${column}`, leaves };
    }),
  );

const nested: readonly SelectionCase[] = [
  { title: 'not of and', where: not(and(present(text), starts(folded, 's'))) },
  { title: 'not of or', where: not(or(eq(date, '1990'), compare(integer, 'gt', 0))) },
  { title: 'not of not', where: not({ op: 'and', of: [not(eq(text, 'abc')), not(present(date))] }) },
  {
    title: 'or of and',
    where: or(and(starts(folded, 'a'), compare(date, 'ge', '1990')), and(not(present(text)), present(decimal))),
  },
  { title: 'and of nothing', where: { op: 'and', of: [] } },
  { title: 'or of nothing', where: { op: 'or', of: [] } },
  { title: 'true', where: { op: 'true' } },
  { title: 'false', where: { op: 'false' } },
  { title: 'not true', where: { op: 'not', of: { op: 'true' } } },
];

export const selectionCases: readonly SelectionCase[] = [...byHand, ...nested];
