import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { dateRange } from '#src/fhir/date-range.js';
import { Decimal, decimal as decimalOf } from '#src/fhir/decimal.js';
import { isExact } from '#src/mapping/bracket.js';
import { type Codec, EncodeError, type ValueTest } from '#src/mapping/codec.js';
import { boolean } from '#src/mapping/codecs/boolean.js';
import { codes } from '#src/mapping/codecs/codes.js';
import { concept } from '#src/mapping/codecs/concept.js';
import { date } from '#src/mapping/codecs/date.js';
import { dateTime } from '#src/mapping/codecs/date-time.js';
import { decimal } from '#src/mapping/codecs/decimal.js';
import { instant } from '#src/mapping/codecs/instant.js';
import { integer } from '#src/mapping/codecs/integer.js';
import { ownCode } from '#src/mapping/codecs/own-code.js';
import { text } from '#src/mapping/codecs/text.js';
import { webAddress } from '#src/mapping/codecs/web-address.js';
import { writtenDate } from '#src/mapping/codecs/written-date.js';
import { sameMoment } from '#src/mapping/write/agrees.js';
import { compareValues } from '#src/source/compare.js';
import { compareDecimal, decimalText } from '#src/source/decimal.js';
import { evaluator } from '#src/source/evaluate.js';
import type { Comparand } from '#src/source/expression.js';
import { compareText, fold } from '#src/source/fold.js';
import type { Cell } from '#src/source/row.js';
import { predicate } from '#src/source/select.js';
import { type ColumnKind, dirtyCells } from '../../oracle/dirty.js';

interface Subject<T> {
  readonly name: string;
  readonly codec: Codec<T>;
  /** Cells that a column of this kind has been seen to hold. */
  readonly cells: fc.Arbitrary<Comparand>;
  /** Values that FHIR may ask to be written. */
  readonly values: fc.Arbitrary<T>;
  /** What sorts decoded values, where a sort can go down. */
  readonly compare?: (a: T, b: T) => number;
}

const dirty = (...kinds: readonly ColumnKind[]) =>
  fc.constantFrom(...kinds.flatMap((kind) => dirtyCells(kind).map(({ value }) => value)));
const padded = (texts: fc.Arbitrary<string>) =>
  fc
    .tuple(fc.constantFrom('', ' ', '\t', '\u00a0'), texts, fc.constantFrom('', ' ', '\n'))
    .map((parts) => parts.join(''));
const words = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 12 }),
  fc.string({ maxLength: 12 }),
  fc.constantFrom('İstanbul', 'ΟΔΥΣΣΕΥΣ', 'ẞ', 'e\u0301', 'Å', 'ﬁ'),
);
const trimmed = words.map((word) => word.trim()).filter((word) => word !== '');

const days = fc.oneof(
  fc.date({ min: new Date('0001-01-01T00:00:00Z'), max: new Date('9999-12-31T23:59:59Z'), noInvalidDate: true }),
  fc.date({ min: new Date('2019-01-01T00:00:00Z'), max: new Date('2021-12-31T23:59:59Z'), noInvalidDate: true }),
);
const dates = fc.tuple(days, fc.constantFrom(4, 7, 10)).map(([day, length]) => day.toISOString().slice(0, length));
const offsets = fc.constantFrom('Z', '+05:30', '-05:00', '+14:00', '-11:30', '+00:00');
const instants = fc
  .tuple(days, fc.constantFrom(19, 23), offsets)
  .map(([day, length, offset]) => day.toISOString().slice(0, length) + offset);
/** Wall times around the changes of the clocks, among others. */
const walls = fc.oneof(
  days.map((day) => day.toISOString()),
  fc
    .tuple(
      fc.constantFrom('2020-03-29', '2020-10-25', '2020-03-08', '2020-11-01', '2020-04-05', '2020-10-04', '2011-12-30'),
      fc.integer({ min: 0, max: 23 }),
      fc.constantFrom('00', '15', '30', '59'),
    )
    .map(([day, hour, minute]) => `${day}T${String(hour).padStart(2, '0')}:${minute}:00.000Z`),
);
const wallTexts = fc
  .tuple(walls, fc.constantFrom(16, 19, 23), fc.constantFrom('T', ' '), fc.oneof(fc.constant(''), offsets))
  .map(([wall, length, separator, offset]) => wall.slice(0, length).replace('T', separator) + offset);
/** Moments of UTC in either notation, near to whole seconds and years among them. */
const utcTexts = fc
  .tuple(walls, fc.constantFrom('', '.5', '.999', '.0001'), fc.constantFrom('T', ' '), fc.constantFrom('Z', '+00:00'))
  .map(([wall, fraction, separator, zone]) => wall.slice(0, 19).replace('T', separator) + fraction + zone);
const zones = [
  'UTC',
  'Asia/Kolkata',
  'Europe/Berlin',
  'America/New_York',
  'Australia/Lord_Howe',
  'Pacific/Apia',
  'Pacific/Kiritimati',
];

const writtenDates = fc
  .tuple(fc.integer({ min: 0, max: 32 }), fc.integer({ min: 0, max: 13 }), fc.integer({ min: 1990, max: 2030 }))
  .chain(([day, month, year]) =>
    fc.constantFrom(
      `${day}/${month}/${year}`,
      `${day}.${month}.${year}`,
      `${day} Mar ${year}`,
      `March ${day}, ${year}`,
    ),
  );

const decimalTexts = fc.oneof(
  fc
    .tuple(
      fc.constantFrom('', '-'),
      fc.bigInt({ min: 0n, max: 10n ** 22n }),
      fc.constantFrom('', '.0', '.5', '.50', '.005', '.12345678901234567890'),
    )
    .map((parts) => parts.join('')),
  fc
    .tuple(fc.integer({ min: -999, max: 999 }), fc.integer({ min: -12, max: 12 }))
    .map(([digits, exponent]) => `${digits}e${exponent}`),
);
const integers = fc.oneof(fc.integer({ min: -20, max: 20 }), fc.maxSafeInteger());

const gender = codes({
  codes: { M: 'male', Male: 'male', F: 'female', U: 'unknown' },
  canonical: { male: 'Male' },
} as const);
const state = codes({
  codes: { open: 'active', ajar: 'active', shut: 'inactive' },
  canonical: { active: 'open' },
  otherwise: 'unknown',
} as const);
const running = codes({
  codes: { over: 'finished', open: 'in-progress' },
  canonical: { 'in-progress': 'open' },
  absent: 'in-progress',
} as const);
const ended = codes({ codes: {}, otherwise: 'finished', absent: 'in-progress' } as const);
const disease = concept(
  { system: 'urn:own' },
  {
    url: 'urn:map',
    targets: new Map([
      ['Flu', [{ system: 'urn:sct', code: '6142004', display: 'Influenza', equivalence: 'equivalent' }]],
      ['Grippe', [{ system: 'urn:sct', code: '6142004', display: 'Influenza', equivalence: 'equivalent' }]],
      ['Cold', [{ system: 'urn:sct', code: '82272006', equivalence: 'wider' }]],
    ]),
  },
);
const unlessSaid = concept({ system: 'urn:own', absent: 'Healthy' }, undefined);
const locals = fc.oneof(fc.constantFrom('Flu', 'Grippe', 'Cold', 'Mary  Ann', 'a\tb'), trimmed);

const subjects: readonly Subject<never>[] = [
  {
    name: 'text',
    codec: text,
    cells: fc.oneof(dirty('text', 'integer', 'boolean'), padded(words)),
    values: trimmed,
    compare: (a: string, b: string) => compareText(fold(a), fold(b)),
  },
  {
    name: 'date',
    codec: date,
    cells: fc.oneof(dirty('date', 'dateTime'), padded(dates)),
    values: dates,
    compare: byDate,
  },
  ...zones.map((zone) => ({
    name: `dateTime in ${zone}`,
    codec: dateTime(zone),
    cells: fc.oneof(dirty('dateTime'), padded(wallTexts), padded(dates)),
    values: fc.oneof(instants, dates),
  })),
  {
    name: 'instant',
    codec: instant,
    cells: fc.oneof(dirty('dateTime'), padded(wallTexts), padded(utcTexts), padded(dates)),
    values: utcTexts.map((text) => text.replace(' ', 'T')),
  },
  ...(['day-first', 'month-first'] as const).map((order) => ({
    name: `written date, ${order}`,
    codec: writtenDate(order, 'Asia/Kolkata'),
    cells: fc.oneof(dirty('dateTime', 'text'), padded(wallTexts), padded(dates), padded(writtenDates)),
    values: fc.oneof(instants, dates),
  })),
  {
    name: 'decimal',
    codec: decimal,
    cells: fc.oneof(dirty('decimal', 'integer'), padded(decimalTexts), fc.double({ noNaN: true })),
    values: decimalTexts.map((each) => decimal.decode(evaluator({ column: '', as: 'decimal' })(each)!)!),
    compare: (a: number, b: number) => compareDecimal(plain(a), plain(b)),
  },
  {
    name: 'integer',
    codec: integer,
    cells: fc.oneof(
      dirty('integer', 'decimal'),
      fc.bigInt({ min: -(2n ** 64n), max: 2n ** 64n }),
      padded(integers.map(String)),
      integers,
    ),
    values: integers,
  },
  { name: 'boolean', codec: boolean, cells: dirty('boolean', 'text'), values: fc.boolean() },
  {
    name: 'codes',
    codec: gender,
    cells: fc.oneof(dirty('code'), padded(fc.constantFrom('M', 'Male', 'F', 'U', 'm'))),
    values: fc.constantFrom('male', 'female', 'unknown'),
  },
  {
    name: 'codes with another for the rest',
    codec: state,
    cells: fc.oneof(dirty('code'), padded(fc.constantFrom('open', 'ajar', 'shut', 'Shut'))),
    values: fc.constantFrom('active', 'inactive', 'unknown'),
  },
  {
    name: 'codes with one for nothing',
    codec: running,
    cells: fc.oneof(dirty('code'), padded(fc.constantFrom('over', 'open', '')), fc.constant(null)),
    values: fc.constantFrom('finished', 'in-progress'),
  },
  {
    name: 'codes of whether there is something',
    codec: ended,
    cells: fc.oneof(dirty('code', 'date'), padded(fc.constantFrom('2020-01-01', '')), fc.constant(null)),
    values: fc.constantFrom('finished', 'in-progress'),
  },
  {
    name: 'concept with one for nothing',
    codec: unlessSaid,
    cells: fc.oneof(dirty('code', 'text'), padded(locals), fc.constantFrom(null, '', 'Healthy')),
    values: fc.oneof(locals, fc.constant('Healthy')).map((local) => unlessSaid.decode(local)!),
  },
  {
    name: 'own code',
    codec: ownCode,
    cells: fc.oneof(dirty('code', 'text'), padded(words)),
    values: trimmed.filter((each) => /^\S+( \S+)*$/.test(each)),
  },
  {
    name: 'web address',
    codec: webAddress,
    cells: fc.oneof(dirty('text'), padded(fc.webUrl()), padded(fc.webUrl({ validSchemes: ['https'] }))),
    values: fc.webUrl({ validSchemes: ['https'] }).filter((url) => webAddress.decode(url) !== undefined),
  },
  {
    name: 'concept',
    codec: disease,
    cells: fc.oneof(dirty('code', 'text'), padded(locals)),
    values: locals.map((local) => disease.decode(local)!),
  },
] as unknown as readonly Subject<never>[];

const runs = { numRuns: 2_000, seed: 4 };

describe.each(subjects)('$name', ({ codec, cells, values, compare }) => {
  const of = { column: 'c', as: codec.as };
  const evaluate = evaluator(of);
  const decode = (cell: Comparand): unknown => {
    const value = evaluate(cell);
    return value === null ? codec.absent : codec.decode(value);
  };
  const holds = (selection: Parameters<typeof predicate>[0]) =>
    predicate<readonly Cell[]>(selection, { cell: () => (row) => row[0]! });

  test('what is written is read back', () => {
    fc.assert(
      fc.property(values, fc.option(cells, { nil: undefined }), (value, previous) => {
        const cell = codec.encode(value, previous);
        if (cell instanceof EncodeError) return;
        const back = decode(cell);
        if (!sameMoment(value, back)) expect(printed(back)).toBe(printed(value));
      }),
      runs,
    );
  });

  test('a cell that already says the value stays as it is', () => {
    fc.assert(
      fc.property(cells, (cell) => {
        const value = decode(cell);
        if (value !== undefined) expect(codec.encode(value as never, cell)).toBe(cell);
      }),
      runs,
    );
  });

  test('the inverse image holds between its bounds, and is what it says where it is exact', () => {
    fc.assert(
      fc.property(cells, cells, fc.integer({ min: 0, max: 1_000 }), (cell, other, choice) => {
        const asked = questions(codec, decode(other) ?? decode(cell), choice);
        const bracket = codec.preimage(asked, of);
        const value = decode(cell);
        const truth = value !== undefined && passes(value, asked);
        if (holds(bracket.lo)([cell])) expect(truth).toBe(true);
        if (truth) expect(holds(bracket.hi)([cell])).toBe(true);
        if (isExact(bracket)) expect(holds(bracket.hi)([cell])).toBe(truth);
      }),
      { ...runs, numRuns: 8_000 },
    );
  });

  test('the order that goes down is that of the values', () => {
    const order = codec.order(of);
    expect(order === undefined).toBe(compare === undefined);
    if (!order || !compare) return;
    const ordered = evaluator(order);
    fc.assert(
      fc.property(cells, cells, (a, b) => {
        const [x, y] = [decode(a), decode(b)];
        const [p, q] = [ordered(a), ordered(b)];
        expect([p === null, q === null]).toEqual([x === undefined, y === undefined]);
        if (p !== null && q !== null)
          expect(Math.sign(compareValues(order.as, p, q))).toBe(Math.sign(compare(x as never, y as never)));
      }),
      { ...runs, numRuns: 6_000 },
    );
  });
});

const prefixes = ['eq', 'ne', 'gt', 'lt', 'ge', 'le', 'sa', 'eb', 'ap'] as const;

/** A question that search may put to a codec of this type, near to a value that there is. */
function questions({ type }: Codec<never>, value: unknown, choice: number): ValueTest {
  const thans = ['lt', 'le', 'gt', 'ge'] as const;
  if (choice % 10 === 0 || type === 'CodeableConcept') return { test: 'present' };
  switch (type) {
    case 'date':
    case 'dateTime': {
      if (choice % 10 === 1) return { test: 'equals', text: String(value ?? '2020') };
      const range = dateRange(String(value ?? '2020')) ?? { low: 0, high: 0 };
      const near = [0, 1, -1, 1_000, 3_600_000, -86_400_000, 86_400_000, 1e14, -1e14][choice % 9]!;
      if (choice % 10 > 5) {
        const far = [0, 1, 86_400_000, 31 * 86_400_000, 1_000][choice % 5]!;
        const low = choice % 3 === 0 ? range.low - far : range.low + near;
        const high = choice % 7 === 0 ? range.high + far : low + far;
        return { test: 'range', prefix: prefixes[choice % prefixes.length]!, low, high: Math.max(low, high) };
      }
      return {
        test: choice % 2 === 0 ? 'low' : 'high',
        than: thans[choice % 4]!,
        at: (choice % 3 === 0 ? range.low : range.high) + near,
      };
    }
    case 'decimal':
    case 'integer': {
      const number = plain((value ?? 1) as number);
      const opposite = number.startsWith('-') ? number.slice(1) : `-${number}`;
      const near = [number, `${number}${number.includes('.') ? '' : '.'}5`, opposite, '0', '9007199254740992', '-1e30'][
        choice % 6
      ]!;
      return { test: 'number', than: (['eq', ...thans] as const)[(choice >> 3) % 5]!, value: decimalText(near)! };
    }
    case 'boolean':
      return { test: 'equals', text: ['true', 'false', 'yes'][choice % 3]! };
    default: {
      const word = String(value ?? 'x');
      const at = choice % (word.length + 1);
      if (choice % 3 === 0) return { test: 'equals', text: choice % 2 === 0 ? word : word.slice(0, at) };
      return choice % 3 === 1
        ? { test: 'prefix', folded: fold(word.slice(0, at)) }
        : { test: 'contains', folded: fold(word.slice(at)) };
    }
  }
}

/** What a test means, said again. */
function passes(value: unknown, asked: ValueTest): boolean {
  switch (asked.test) {
    case 'present':
      return true;
    case 'equals':
      return String(value) === asked.text;
    case 'prefix':
      return fold(String(value)).startsWith(asked.folded);
    case 'contains':
      return fold(String(value)).includes(asked.folded);
    case 'range': {
      const { low, high } = dateRange(String(value))!;
      const contained = low >= asked.low && high <= asked.high;
      const meanings = {
        eq: contained,
        ne: !contained,
        gt: high > asked.high,
        lt: low < asked.low,
        ge: high > asked.high || contained,
        le: low < asked.low || contained,
        sa: low >= asked.high,
        eb: high <= asked.low,
        ap: low < asked.high && high > asked.low,
      };
      return meanings[asked.prefix];
    }
    case 'low':
    case 'high': {
      const range = dateRange(String(value));
      return range !== undefined && stands(range[asked.test] - asked.at, asked.than);
    }
    default:
      return stands(compareDecimal(plain(value as number), asked.value), asked.than);
  }
}

function stands(order: number, than: string): boolean {
  if (order === 0) return than === 'eq' || than === 'le' || than === 'ge';
  return order < 0 ? than.startsWith('l') : than.startsWith('g');
}

/** A number that JavaScript may write with an exponent, as a plain decimal. */
function plain(value: number): string {
  return evaluator({ column: '', as: 'decimal' })(String(value)) as string;
}

/** A decimal by its digits, anything else as JSON. */
function printed(value: unknown): string {
  return value instanceof Decimal ? value.text : typeof value === 'number' ? String(value) : JSON.stringify(value);
}

/** Dates stand by the start of their range, and within one start by their text. */
function byDate(a: string, b: string): number {
  return dateRange(a)!.low - dateRange(b)!.low || compareText(a, b);
}

test('a number keeps its digits', () => {
  expect(decimal.encode(decimalOf('1.5') as number, '1.50')).toBe('1.5');
  expect(decimal.encode(decimalOf('1.50') as number, ' 1.50')).toBe(' 1.50');
});
