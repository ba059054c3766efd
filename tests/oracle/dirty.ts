/** What a column of a source is meant to hold. */
export type ColumnKind = 'text' | 'code' | 'phone' | 'date' | 'dateTime' | 'decimal' | 'integer' | 'boolean';

/** A cell as a source may hold it, and the name of what is wrong (or merely hard) about it. */
export interface DirtyCell {
  readonly kind: string;
  readonly value: string | number | bigint | boolean | null;
}

/** What every kind of column has been seen to hold instead of a value. */
export const absences: readonly DirtyCell[] = [
  { kind: 'null', value: null },
  { kind: 'empty', value: '' },
  { kind: 'blank', value: '   ' },
  { kind: 'tab', value: '\t' },
  { kind: 'none', value: 'None' },
  { kind: 'n/a', value: 'N/A' },
  { kind: 'nan', value: 'NaN' },
  { kind: 'null word', value: 'NULL' },
  { kind: 'dash', value: '-' },
];

const text: readonly DirtyCell[] = [
  { kind: 'padded', value: ' Smith ' },
  { kind: 'inner space', value: 'Mary  Ann' },
  { kind: 'no-break space', value: 'Mary\u00a0Ann' },
  { kind: 'line break', value: '12 Main St\nFlat 3' },
  { kind: 'quote', value: "O'Brien" },
  { kind: 'double quote', value: 'the "Duke"' },
  { kind: 'injection', value: "x'; DROP TABLE patients; --" },
  { kind: 'percent', value: '50%_off' },
  { kind: 'percent only', value: '%' },
  { kind: 'underscore', value: 'a_b' },
  { kind: 'glob', value: 'a*b?[c]' },
  { kind: 'backslash', value: 'a\\b' },
  { kind: 'trailing backslash', value: 'C:\\' },
  { kind: 'comma', value: 'Smith, John' },
  { kind: 'pipe', value: 'left|right' },
  { kind: 'dollar', value: 'US$5' },
  { kind: 'ampersand', value: 'A&B=C' },
  { kind: 'plus', value: 'A+B' },
  { kind: 'percent code', value: '100%25' },
  { kind: 'brace', value: '\u0024{jndi}' },
  { kind: 'composed', value: 'Jos\u00e9 Mu\u00f1oz' },
  { kind: 'decomposed', value: 'Jose\u0301 Mun\u0303oz' },
  { kind: 'stroke', value: '\u0141\u00f3d\u017a \u00d8re' },
  { kind: 'turkish', value: '\u0130stanbul \u0131\u015f\u0131k' },
  { kind: 'sharp s', value: 'Stra\u00dfe' },
  { kind: 'capital sharp s', value: 'STRA\u1e9eE' },
  { kind: 'ligature', value: '\ufb01sh \u00c6gir' },
  { kind: 'final sigma', value: '\u039f\u0394\u03a5\u03a3\u03a3\u0395\u03a5\u03a3' },
  { kind: 'hangul', value: '\ud55c\uad6d' },
  { kind: 'han', value: '\u738b\u5c0f\u660e' },
  { kind: 'arabic', value: '\u0645\u064f\u062d\u0645\u0651\u062f' },
  { kind: 'emoji', value: 'Ann \u{1f469}\u200d\u2695\ufe0f' },
  { kind: 'private use', value: '\ue000 x' },
  { kind: 'replacement', value: 'Jos\ufffd' },
  { kind: 'mojibake', value: 'Jos\u00c3\u00a9' },
  { kind: 'very long', value: 'long '.repeat(400).trimEnd() },
  { kind: 'digits', value: '0123' },
  { kind: 'boolean word', value: 'true' },
];

const code: readonly DirtyCell[] = [
  { kind: 'unknown code', value: 'zz' },
  { kind: 'other case', value: 'mALE' },
  { kind: 'padded code', value: ' Male' },
  { kind: 'number as code', value: 1 },
  { kind: 'pipe in code', value: 'a|b' },
  { kind: 'comma in code', value: 'a,b' },
];

const phone: readonly DirtyCell[] = [
  { kind: 'leading zeros', value: '0049171' },
  { kind: 'lost leading zero', value: 9812345670 },
  { kind: 'float phone', value: '9812345670.0' },
  { kind: 'punctuated phone', value: '+91 (981) 234-5670' },
  { kind: 'two phones', value: '981/982' },
];

const date: readonly DirtyCell[] = [
  { kind: 'zero date', value: '0000-00-00' },
  { kind: 'no such day', value: '1990-02-31' },
  { kind: 'no such leap day', value: '1900-02-29' },
  { kind: 'leap day', value: '2000-02-29' },
  { kind: 'year', value: '1990' },
  { kind: 'month', value: '1990-05' },
  { kind: 'no such month', value: '1990-13-01' },
  { kind: 'slashes', value: '31/12/1990' },
  { kind: 'words', value: '23 May 2009' },
  { kind: 'first year', value: '0001-01-01' },
  { kind: 'last day', value: '9999-12-31' },
  { kind: 'future', value: '2999-01-01' },
  { kind: 'before 1970', value: '1899-12-31' },
  { kind: 'date with midnight', value: '1990-05-17 00:00:00' },
  { kind: 'epoch seconds', value: 642902400 },
];

const dateTime: readonly DirtyCell[] = [
  ...date,
  { kind: 'zoned', value: '2020-03-01T23:30:00-05:00' },
  { kind: 'utc', value: '2020-03-01T23:30:00Z' },
  { kind: 'no zone', value: '2020-03-01T23:30:00' },
  { kind: 'no seconds', value: '2020-03-01T23:30' },
  { kind: 'milliseconds', value: '2020-03-01T23:30:00.125Z' },
  { kind: 'nanoseconds', value: '2020-03-01T23:30:00.123456789Z' },
  { kind: 'hour 24', value: '2020-03-01T24:00:00' },
  { kind: 'leap second', value: '2016-12-31T23:59:60Z' },
];

const decimal: readonly DirtyCell[] = [
  { kind: 'exponent', value: '1.5e2' },
  { kind: 'small exponent', value: '1E-7' },
  { kind: 'trailing zero', value: '1.50' },
  { kind: 'comma decimal', value: '1,5' },
  { kind: 'thousands', value: '1,234.5' },
  { kind: 'word', value: 'abc' },
  { kind: 'unit in number', value: '5.4 mg' },
  { kind: 'comparator', value: '<5' },
  { kind: 'leading zero number', value: '007.5' },
  { kind: 'leading point', value: '.5' },
  { kind: 'negative', value: '-12.5' },
  { kind: 'negative zero', value: '-0.0' },
  { kind: 'binary fraction', value: 0.1 },
  { kind: 'many digits', value: '0.12345678901234567890' },
  { kind: 'infinity', value: 'Infinity' },
];

const integer: readonly DirtyCell[] = [
  { kind: 'zero', value: 0 },
  { kind: 'negative integer', value: -7 },
  { kind: 'float integer', value: '3.0' },
  { kind: 'leading zeros integer', value: '0042' },
  { kind: 'beyond double', value: 9007199254740993n },
  { kind: 'largest 64-bit', value: 9223372036854775807n },
  { kind: 'smallest 64-bit', value: -9223372036854775808n },
  { kind: 'word in integer', value: 'abc' },
];

const boolean: readonly DirtyCell[] = [
  { kind: 'zero', value: 0 },
  { kind: 'one', value: 1 },
  { kind: 'two', value: 2 },
  { kind: 'true', value: true },
  { kind: 'false', value: false },
  { kind: 'yes', value: 'Yes' },
  { kind: 'no', value: 'No' },
  { kind: 'capital true', value: 'TRUE' },
  { kind: 'letter', value: 'Y' },
];

const kinds: Record<ColumnKind, readonly DirtyCell[]> = {
  text,
  code,
  phone,
  date,
  dateTime,
  decimal,
  integer,
  boolean,
};

/** Every dirty cell that a column of this kind may hold, absences first; texts also stand where another kind is meant. */
export function dirtyCells(kind: ColumnKind): readonly DirtyCell[] {
  return [...absences, ...kinds[kind]];
}
