import { describe, expect, test } from '@jest/globals';
import type { Resource } from '@medplum/fhirtypes';
import fc from 'fast-check';
import { Decimal, serialize } from '#src/fhir/decimal.js';
import { applyJsonPatch, patchDocument } from '#src/patch/json-patch.js';

const patient = {
  resourceType: 'Patient',
  id: 'a',
  active: true,
  name: [{ family: 'Iyer', given: ['Asha', 'R'] }, { text: 'Asha' }],
} as unknown as Resource;

const code = (run: () => unknown): string => {
  try {
    run();
  } catch (error) {
    return (error as { code: string }).code;
  }
  return 'done';
};

describe('rule 74: a JSON Patch', () => {
  test.each([
    ['no array', { op: 'add', path: '/active', value: true }],
    ['null', null],
    ['null for an operation', [null]],
    ['no op', [{ path: '/active', value: true }]],
    ['an op that is none', [{ op: 'spam', path: '/active', value: true }]],
    ['an inherited name as op', [{ op: 'toString', path: '/active' }]],
    ['no path', [{ op: 'remove' }]],
    ['a path that is no text', [{ op: 'remove', path: null }]],
    ['a path without a slash', [{ op: 'remove', path: 'active' }]],
    ['a path with a false escape', [{ op: 'remove', path: '/act~2ive' }]],
    ['a path that ends in a tilde', [{ op: 'remove', path: '/active~' }]],
    ['no value', [{ op: 'add', path: '/active' }]],
    ['no value to test', [{ op: 'test', path: '/birthDate' }]],
    ['no from', [{ op: 'move', path: '/active' }]],
    ['a member named __proto__', [{ op: 'add', path: '/x', value: JSON.parse('{"__proto__": {"polluted": true}}') }]],
  ])('is malformed: %s', (_, patch) => {
    expect(code(() => applyJsonPatch(patient, patch))).toBe('invalid-body');
  });

  test.each([
    ['a failed test', [{ op: 'test', path: '/active', value: false }]],
    ['a test of nothing for null', [{ op: 'test', path: '/birthDate', value: null }]],
    ['removal of nothing', [{ op: 'remove', path: '/birthDate' }]],
    ['removal of an inherited member', [{ op: 'remove', path: '/toString' }]],
    ['replacement of nothing', [{ op: 'replace', path: '/birthDate', value: '1970' }]],
    ['removal of the whole', [{ op: 'remove', path: '' }]],
    ['a prototype', [{ op: 'add', path: '/__proto__', value: { polluted: true } }]],
    ['a prototype by its constructor', [{ op: 'add', path: '/constructor/prototype/polluted', value: true }]],
    ['the length of a list', [{ op: 'replace', path: '/name/length', value: 0 }]],
    ['removal of the length of a list', [{ op: 'remove', path: '/name/length' }]],
    ['a name in a list', [{ op: 'add', path: '/name/first', value: {} }]],
    ['a member of a text', [{ op: 'add', path: '/id/0', value: 'b' }]],
    [
      'a member of null',
      [
        { op: 'add', path: '/none', value: null },
        { op: 'add', path: '/none/x', value: 1 },
      ],
    ],
    ['an index with a leading zero', [{ op: 'remove', path: '/name/01' }]],
    ['an index with a sign', [{ op: 'remove', path: '/name/-1' }]],
    ['an index with an exponent', [{ op: 'remove', path: '/name/1e0' }]],
    ['behind the end', [{ op: 'add', path: '/name/3', value: {} }]],
    ['replacement behind the last', [{ op: 'replace', path: '/name/-', value: {} }]],
    ['removal behind the last', [{ op: 'remove', path: '/name/2' }]],
    ['a move behind the end', [{ op: 'move', from: '/name/0', path: '/name/2' }]],
    ['a move into itself', [{ op: 'move', from: '/name', path: '/name/0/extension' }]],
    ['a copy of nothing', [{ op: 'copy', from: '/birthDate', path: '/id' }]],
    ['another id', [{ op: 'replace', path: '/id', value: 'b' }]],
    ['no id', [{ op: 'remove', path: '/id' }]],
    ['another type', [{ op: 'replace', path: '/resourceType', value: 'Person' }]],
    ['another resource', [{ op: 'add', path: '', value: { resourceType: 'Patient', id: 'b' } }]],
    ['no resource', [{ op: 'replace', path: '', value: [] }]],
  ])('cannot be carried out: %s', (_, patch) => {
    const before = structuredClone(patient);
    expect(code(() => applyJsonPatch(patient, patch))).toBe('unprocessable');
    expect(patient).toEqual(before);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });

  test.each([
    [
      'a move within a list counts what is left',
      [{ op: 'move', from: '/name/0', path: '/name/1' }],
      '/name/1/family',
      'Iyer',
    ],
    [
      'a move looks for its target in what is left',
      [
        { op: 'add', path: '/name/-', value: {} },
        { op: 'move', from: '/name/0', path: '/name/1/was' },
      ],
      '/name/1/was/family',
      'Iyer',
    ],
    ['a move to where it is', [{ op: 'move', from: '/name', path: '/name' }], '/name/0/family', 'Iyer'],
    [
      'null is a value',
      [
        { op: 'add', path: '/x', value: null },
        { op: 'test', path: '/x', value: null },
      ],
      '/x',
      null,
    ],
    [
      'the whole, of the same identity',
      [{ op: 'replace', path: '', value: { resourceType: 'Patient', id: 'a' } }],
      '/id',
      'a',
    ],
    ['an empty name', [{ op: 'add', path: '/', value: 1 }], '/', 1],
  ])('is carried out: %s', (_, patch, path, value) => {
    const after = applyJsonPatch(patient, patch);
    expect(patchDocument(after, [{ op: 'test', path, value }])).toEqual(after);
  });

  test('decimals keep their text, and are compared by value', () => {
    const value = { value: new Decimal('1.50'), unit: 'mg' };
    const quantity = { resourceType: 'Observation', id: 'a', valueQuantity: value } as unknown as Resource;
    const after = applyJsonPatch(quantity, [
      { op: 'test', path: '/valueQuantity', value: { unit: 'mg', value: 1.5 } },
      { op: 'copy', from: '/valueQuantity', path: '/referenceRange' },
      { op: 'move', from: '/valueQuantity', path: '/moved' },
      { op: 'add', path: '/component', value: [new Decimal('100000000000000000001')] },
    ]);
    expect(serialize(after)).toBe(
      '{"resourceType":"Observation","id":"a","referenceRange":{"value":1.50,"unit":"mg"},"moved":{"value":1.50,"unit":"mg"},"component":[100000000000000000001]}',
    );
    const almost = [{ op: 'test', path: '/component/0', value: new Decimal('100000000000000000002') }];
    expect(code(() => applyJsonPatch(after, almost))).toBe('unprocessable');
  });

  test('copies are bounded, and so is depth', () => {
    const doubling = Array.from({ length: 40 }, (_, i) => ({ op: 'copy', from: '', path: `/x${i}` }));
    expect(code(() => applyJsonPatch(patient, doubling))).toBe('too-large');
    let deep: unknown = 1;
    for (let i = 0; i < 5000; i++) deep = [deep];
    expect(code(() => applyJsonPatch(patient, [{ op: 'add', path: '/x', value: deep }]))).toBe('invalid-body');
    const path = '/x'.repeat(5000);
    expect(code(() => applyJsonPatch(patient, [{ op: 'add', path, value: 1 }]))).toBe('unprocessable');
  });
});

const json = fc.letrec((tie) => ({
  value: fc.oneof({ maxDepth: 3 }, fc.constantFrom<unknown>(0, 1, 'a', true, null), tie('list'), tie('object')),
  list: fc.array(tie('value'), { maxLength: 3 }),
  object: fc.dictionary(fc.constantFrom('a', 'b', '~', '/', 'length'), tie('value'), {
    maxKeys: 3,
    noNullPrototype: true,
  }),
}));
const root = fc.record(
  { a: json.value, b: json.list, '~': json.value, '/': json.object },
  { requiredKeys: ['a', 'b'], noNullPrototype: true },
);
const pointer = fc
  .tuple(
    fc.constantFrom('a', 'a', 'b', 'b', '~1', 'length'),
    fc.array(fc.constantFrom('a', 'b', '~0', '~1', '0', '1', '2', '-', 'length'), { maxLength: 2 }),
  )
  .map((tokens) =>
    tokens
      .flat()
      .map((token) => `/${token}`)
      .join(''),
  );
const operation = fc.oneof(
  fc.record({ op: fc.constantFrom('add', 'replace', 'test'), path: pointer, value: json.value }),
  fc.record({ op: fc.constant('remove'), path: pointer }),
  fc.record({ op: fc.constantFrom('move', 'copy'), from: pointer, path: pointer }),
);

/** What the RFC says, written over whole documents and tokens, without a library. */
const rfc = {
  get(document: unknown, path: readonly string[]): unknown {
    let value = document;
    for (const token of path) {
      if (typeof value !== 'object' || value === null || !Object.hasOwn(value, token)) return undefined;
      if (Array.isArray(value) && !/^\d+$/.test(token)) return undefined;
      value = (value as Record<string, unknown>)[token];
    }
    return value;
  },
  put(document: unknown, path: readonly string[], value: unknown, mode: 'add' | 'replace' | 'remove'): unknown {
    const [token, ...rest] = path;
    if (token === undefined) return value;
    const there = rfc.get(document, [token]) !== undefined;
    if (rest.length > 0 || mode !== 'add') if (!there) throw new Error('nowhere');
    if (Array.isArray(document)) {
      const index = token === '-' ? document.length : Number(token);
      if (!(index <= document.length)) throw new Error('nowhere');
      const before = document.slice(0, index);
      if (rest.length > 0)
        return [...before, rfc.put(document[index], rest, value, mode), ...document.slice(index + 1)];
      if (mode === 'add') return [...before, value, ...document.slice(index)];
      return [...before, ...(mode === 'remove' ? [] : [value]), ...document.slice(index + 1)];
    }
    if (typeof document !== 'object' || document === null) throw new Error('nowhere');
    const next = rest.length > 0 ? rfc.put((document as never)[token], rest, value, mode) : value;
    const { [token]: _, ...others } = document as Record<string, unknown>;
    return mode === 'remove' && rest.length === 0 ? others : { ...others, [token]: next };
  },
  apply(document: unknown, { op, from, path, value }: Record<string, unknown>): unknown {
    const tokens = (text: unknown) =>
      String(text)
        .split('/')
        .slice(1)
        .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'));
    const [to, source] = [tokens(path), tokens(from ?? '')];
    if (op === 'add' || op === 'replace') return rfc.put(document, to, value, op);
    if (op === 'test') {
      expect(rfc.get(document, to)).toStrictEqual(value);
      return document;
    }
    if (op === 'remove' && to.length === 0) throw new Error('the whole');
    if (op === 'remove') return rfc.put(document, to, undefined, 'remove');
    const moved = rfc.get(document, source);
    if (moved === undefined) throw new Error('nowhere');
    if (op === 'copy') return rfc.put(document, to, moved, 'add');
    if (path === from) return document;
    if (source.every((token, i) => token === to[i])) throw new Error('into itself');
    return rfc.put(rfc.put(document, source, undefined, 'remove'), to, moved, 'add');
  },
};

describe('any patch of any document', () => {
  test('is what the RFC says, or fails as it says; nothing that is given changes', () => {
    let carriedOut = 0;
    fc.assert(
      fc.property(root, fc.array(operation, { maxLength: 3 }), (document, patch) => {
        const before = structuredClone({ document, patch });
        let expected: { value: unknown } | undefined;
        try {
          expected = { value: patch.reduce<unknown>((each, one) => rfc.apply(each, one), structuredClone(document)) };
        } catch {
          expected = undefined;
        }
        if (expected) {
          carriedOut += patch.length > 0 ? 1 : 0;
          expect(patchDocument(document, patch)).toEqual(expected.value);
        } else expect(code(() => patchDocument(document, patch))).toBe('unprocessable');
        expect({ document, patch }).toEqual(before);
      }),
      { numRuns: 3000, seed: 20240501 },
    );
    expect(carriedOut).toBeGreaterThan(200);
  });

  test('two patches after each other are one', () => {
    fc.assert(
      fc.property(
        root,
        fc.array(operation, { maxLength: 2 }),
        fc.array(operation, { maxLength: 2 }),
        (document, first, second) => {
          const outcome = (run: () => unknown) => {
            try {
              return JSON.stringify(run());
            } catch (error) {
              return (error as { code: string }).code;
            }
          };
          expect(outcome(() => patchDocument(patchDocument(document, first), second))).toBe(
            outcome(() => patchDocument(document, [...first, ...second])),
          );
        },
      ),
      { numRuns: 1000, seed: 20240502 },
    );
  });
});
