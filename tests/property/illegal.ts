import type { Random } from '../oracle/random.js';

/** What R4 does not allow, by the type of the parameter that it is put to; `*`: any. */
const spoilt: Readonly<Record<string, readonly { readonly kind: string; readonly text: (code: string) => string }[]>> =
  {
    '*': [
      { kind: 'unknown parameter', text: (code) => `${code}x=1` },
      { kind: 'missing neither true nor false', text: (code) => `${code}:missing=maybe` },
      { kind: 'chain to nothing', text: (code) => `${code}.nonsense=1` },
      { kind: 'unknown modifier', text: (code) => `${code}:nonsense=1` },
    ],
    string: [
      { kind: 'escape', text: (code) => `${code}=a%5Cx` },
      { kind: 'token modifier on a string', text: (code) => `${code}:not=a` },
    ],
    token: [
      { kind: 'two pipes', text: (code) => `${code}=a%7Cb%7Cc` },
      { kind: 'string modifier on a token', text: (code) => `${code}:contains=a` },
      { kind: 'escape at the end', text: (code) => `${code}=a%5C` },
    ],
    date: [
      { kind: 'no such month', text: (code) => `${code}=2013-13-01` },
      { kind: 'no such day', text: (code) => `${code}=ge2013-02-30` },
      { kind: 'words for a date', text: (code) => `${code}=23+May+2009` },
      { kind: 'hour without minutes', text: (code) => `${code}=2013-01-14T10` },
      { kind: 'text modifier on a date', text: (code) => `${code}:text=2013` },
    ],
    number: [{ kind: 'no number', text: (code) => `${code}=gtabc` }],
    quantity: [
      { kind: 'one pipe', text: (code) => `${code}=5%7Cmg` },
      { kind: 'no number in a quantity', text: (code) => `${code}=%7C%7Cmg` },
    ],
    uri: [{ kind: 'modifier on a uri', text: (code) => `${code}:contains=urn` }],
  };

/** An illegal criterion for one of a type's parameters. */
export function illegal(
  parameters: Readonly<Record<string, { readonly type: string }>>,
  random: Random,
): { readonly kind: string; readonly text: string } {
  const [code, { type }] = random.pick(Object.entries(parameters));
  const { kind, text } = random.pick([...spoilt['*']!, ...(spoilt[type] ?? []), ...(spoilt[type] ?? [])]);
  return { kind, text: text(code) };
}

export const illegalKinds: readonly string[] = Object.values(spoilt).flatMap((all) => all.map(({ kind }) => kind));
