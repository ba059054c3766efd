import { describe, expect, test } from '@jest/globals';
import { print } from '#src/query/print.js';
import { parse } from '#src/search/parse.js';
import { context, faultOf, pairs } from '../../support/search-cases.js';

const query = (type: string, search: string) => parse(type, pairs(search), context).query;
const only = (type: string, search: string) => query(type, search).conditions[0]!;

describe('values', () => {
  test('rule 17: the four forms of a token', () => {
    expect(only('Patient', 'identifier=a,s|a,|a,s|').values).toEqual([
      { kind: 'token', code: 'a' },
      { kind: 'token', system: 's', code: 'a' },
      { kind: 'token', system: '', code: 'a' },
      { kind: 'token', system: 's' },
    ]);
  });

  test('rule 3: a time without zone is in UTC, and says so', () => {
    const low = Date.parse('2024-05-01T10:00:00Z');
    expect(only('Patient', 'birthdate=ge2024-05-01T10:00').values).toEqual([
      { kind: 'date', prefix: 'ge', text: '2024-05-01T10:00Z', low, high: low + 60_000 },
    ]);
    expect(only('Patient', 'birthdate=2024-05-01T12:00:00+02:00').values).toEqual([
      { kind: 'date', prefix: 'eq', text: '2024-05-01T12:00:00+02:00', low, high: low + 1000 },
    ]);
    expect(only('Patient', 'birthdate=2024-05').values).toMatchObject([{ text: '2024-05' }]);
  });

  test('rule 6: ap widens by a tenth of the distance from now', () => {
    const day = Date.UTC(2022, 0, 1);
    const tenth = (context.now.getTime() - day) / 10;
    expect(only('Patient', 'birthdate=ap2022-01-01').values).toMatchObject([
      { low: day - tenth, high: day + 86_400_000 + tenth },
    ]);
  });

  test('rule 11: the forms of a quantity', () => {
    expect(only('Observation', 'value-quantity=lt5.4|http://unitsofmeasure.org|mg,5.4||mg,5.4').values).toEqual([
      {
        kind: 'quantity',
        prefix: 'lt',
        value: '5.4',
        low: '5.35',
        high: '5.45',
        system: 'http://unitsofmeasure.org',
        code: 'mg',
      },
      { kind: 'quantity', prefix: 'eq', value: '5.4', low: '5.35', high: '5.45', code: 'mg' },
      { kind: 'quantity', prefix: 'eq', value: '5.4', low: '5.35', high: '5.45' },
    ]);
  });

  test('rule 29, 30: the forms of a reference', () => {
    expect(only('Encounter', 'subject=1,Patient/1,http://h/fhir/Patient/1,http://o/Patient/1').values).toEqual([
      { kind: 'reference', id: '1' },
      { kind: 'reference', type: 'Patient', id: '1' },
      { kind: 'reference', type: 'Patient', id: '1' },
      { kind: 'reference', type: 'Patient', url: 'http://o/Patient/1' },
    ]);
    expect(only('Encounter', 'subject:Patient=1')).toMatchObject({
      values: [{ kind: 'reference', type: 'Patient', id: '1' }],
    });
    expect(only('Encounter', 'subject:Patient=1').modifier).toBeUndefined();
  });

  test('rule 12: only numbers, dates and quantities have prefixes', () => {
    expect(only('Patient', 'name=general').values).toEqual([{ kind: 'string', text: 'general' }]);
    expect(only('Condition', 'code=eq123').values).toEqual([{ kind: 'token', code: 'eq123' }]);
  });

  test('rule 35: a composite has a value per component', () => {
    expect(only('Observation', 'code-value-quantity=s|a$gt5||mg,b$1').values).toMatchObject([
      {
        kind: 'composite',
        parts: [
          { kind: 'token', system: 's', code: 'a' },
          { kind: 'quantity', prefix: 'gt', code: 'mg' },
        ],
      },
      {
        kind: 'composite',
        parts: [
          { kind: 'token', code: 'b' },
          { kind: 'quantity', value: '1' },
        ],
      },
    ]);
  });

  test('rule 36: a comma is OR, repeating is AND, an escaped separator is data', () => {
    expect(query('Patient', 'name=a,b&name=c').conditions.map(({ values }) => values.length)).toEqual([2, 1]);
    expect(only('Patient', 'name=a\\,b\\$\\|\\\\').values).toEqual([{ kind: 'string', text: 'a,b$|\\' }]);
  });

  test('rule 37: a parameter without value is ignored, and an empty one of several', () => {
    expect(parse('Patient', pairs('name=&birthdate=&_sort=&name=,&gender=male,'), context)).toMatchObject({
      query: { conditions: [{ values: [{ code: 'male' }] }], sort: [] },
      ignored: [],
    });
  });

  test('what was asked is kept', () => {
    expect(only('Patient', 'family:exact=M%C3%BCller').asked).toEqual({ name: 'family:exact', value: 'Müller' });
  });
});

describe('chains', () => {
  const chain = (type: string, search: string) => query(type, search).chains[0]!;

  test('rule 33: a chain says the type, or only one can be meant', () => {
    expect(chain('Encounter', 'subject:Patient.name=x,y')).toMatchObject({
      direction: 'to',
      reference: { code: 'subject' },
      type: 'Patient',
      conditions: [{ parameter: { code: 'name' }, values: [{ text: 'x' }, { text: 'y' }] }],
      asked: { name: 'subject:Patient.name', value: 'x,y' },
    });
    expect(chain('Encounter', 'patient.birthdate=ge1990')).toMatchObject({
      type: 'Patient',
      conditions: [{ parameter: { code: 'birthdate' }, values: [{ prefix: 'ge', text: '1990' }] }],
    });
    // Of what a general practitioner may be, only a Practitioner has a family name.
    expect(chain('Patient', 'general-practitioner.family:exact=Ng')).toMatchObject({
      type: 'Practitioner',
      conditions: [{ modifier: 'exact' }],
    });
  });

  test('rule 33: what the references are known to lead to decides between several types', () => {
    const leadsTo = () => ['Practitioner'];
    const { chains } = parse('Patient', pairs('general-practitioner.name=x'), { ...context, leadsTo }).query;
    expect(chains).toMatchObject([{ type: 'Practitioner' }]);
  });

  test('rule 34: _has, with the modifiers of the parameter at its end', () => {
    expect(chain('Patient', '_has:Observation:patient:code:not=a,s|b')).toMatchObject({
      direction: 'from',
      reference: { code: 'patient' },
      type: 'Observation',
      conditions: [
        { parameter: { code: 'code' }, modifier: 'not', values: [{ code: 'a' }, { system: 's', code: 'b' }] },
      ],
    });
    expect(chain('Patient', '_has:Observation:patient:performer:Practitioner=1')).toMatchObject({
      conditions: [{ values: [{ kind: 'reference', type: 'Practitioner', id: '1' }] }],
    });
  });

  test('rule 37: a chain without value is ignored', () => {
    expect(query('Encounter', 'patient.name=&_has:Condition:encounter:code=,').chains).toEqual([]);
  });

  test('rule 33, 34: chains stand in the self link as they were asked', () => {
    const search = 'status=finished&subject:Patient.name=x&_has:Condition:encounter:code=a,b';
    expect(print(query('Encounter', search))).toBe(`${search}&_count=20`);
  });
});

describe('unknown parameters', () => {
  test('rule 39: the refusal lists what is valid', () => {
    const fault = faultOf(() => parse('Patient', pairs('nam=x'), context));
    expect(fault?.message).toContain('"nam" is not a search parameter of Patient.');
    for (const valid of ['birthdate', 'name', '_id', '_sort', '_lastUpdated'])
      expect(fault?.message).toMatch(new RegExp(`[ ,]${valid}(,|$)`));
    for (const not of ['_text', '_content', 'constructor', 'code'])
      expect(fault?.message).not.toMatch(new RegExp(`[ ,]${not}(,|$)`));
  });

  test('rule 39: lenient handling leaves them out and names them', () => {
    const search = 'foo=1&name=x&subject.name=y&_sort=bar,-name&_include=Foo:bar&_has:Observation:patient:foo=z';
    const { query: read, ignored } = parse('Patient', pairs(search), { ...context, handling: 'lenient' });
    expect(ignored).toEqual(['foo', 'subject.name', '_has:Observation:patient:foo', '_sort=bar', '_include=Foo:bar']);
    expect(read.conditions.map(({ asked }) => asked.name)).toEqual(['name']);
    expect(read.sort.map(({ parameter }) => parameter.code)).toEqual(['name']);
  });

  test('a fault never repeats the value', () => {
    for (const search of [
      'birthdate=Erika',
      'subject=Erika M',
      'name=Erika\\x',
      'identifier=Erika|a|b',
      'gender:missing=Erika',
    ]) {
      const type = search.startsWith('subject') ? 'Encounter' : 'Patient';
      expect(faultOf(() => parse(type, pairs(search), context))?.message).not.toContain('Erika');
    }
  });
});

describe('limits', () => {
  const fault = (search: string) => faultOf(() => parse('Patient', pairs(search), context))?.code;
  test('values, characters and parameters', () => {
    expect(fault(`_id=${Array.from({ length: 1000 }, (_, i) => i).join(',')}`)).toBeUndefined();
    expect(fault(`_id=${Array.from({ length: 1001 }, (_, i) => i).join(',')}`)).toBe('too-large');
    expect(fault(`name=${'a'.repeat(2000)}`)).toBeUndefined();
    expect(fault(`name=${'a'.repeat(2001)}`)).toBe('too-large');
    expect(fault(`name=${'a,'.repeat(60_000)}`)).toBe('too-large');
    expect(fault(Array.from({ length: 100 }, () => 'name=a').join('&'))).toBeUndefined();
    expect(fault(Array.from({ length: 101 }, () => 'name=a').join('&'))).toBe('too-large');
  });

  test('a hostile value is refused or read quickly', () => {
    const started = performance.now();
    for (const value of [
      '\\'.repeat(1999),
      '1'.repeat(1999),
      '2013-01-14T10:00:00.'.padEnd(1999, '1'),
      ' '.repeat(1999),
      '|'.repeat(1999),
      '$'.repeat(1999),
    ]) {
      for (const [type, name] of [
        ['Patient', 'birthdate'],
        ['Observation', 'value-quantity'],
        ['Encounter', 'subject'],
        ['Observation', 'code-value-quantity'],
      ] as const) {
        faultOf(() => parse(type, [[name, value]], context));
      }
    }
    expect(performance.now() - started).toBeLessThan(500);
  });
});
