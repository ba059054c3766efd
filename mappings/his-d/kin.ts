import { type Codec, EncodeError, exactly, never, unknown } from 'healthsync/mapping';

const packed = /^(?<name>.*\S)\s*\((?<relation>[^()]*)\)$/;

/** The next of kin is packed as "Name (relation)"; without the parentheses, all of it is the name. */
function kin(piece: 'name' | 'relation', otherwise: (text: string) => string | undefined): Codec<string> {
  return {
    kind: 'readonly',
    as: 'text',
    type: 'string',
    decode: (value) => {
      const match = packed.exec(String(value));
      return match === null ? otherwise(String(value)) : match.groups?.[piece]?.trim() || undefined;
    },
    encode: () => new EncodeError('Name and relation share one column of the source.'),
    preimage: (test, of) => {
      if (test.test === 'present') return piece === 'name' ? exactly({ op: 'present', of }) : unknown;
      return test.test === 'equals' || test.test === 'prefix' || test.test === 'contains' ? unknown : never;
    },
    order: () => undefined,
  };
}

export const kinName = kin('name', (text) => text);
export const kinRelation = kin('relation', () => undefined);
