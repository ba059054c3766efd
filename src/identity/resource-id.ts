/**
 * Resource ids: `<source>.<key>[.<key>…][.<facet>]`, of the characters and length R4 allows (datatypes.html#id:
 * `[A-Za-z0-9\-\.]{1,64}`). Parseable without any state, and free of where a row is stored.
 *
 * A key part stands verbatim when it is made of letters, digits and hyphens and begins with neither mark. Otherwise it is the
 * shorter of two: `-q` and its UTF-8 bytes, letters and digits as they are and the others as `-` and two hexadecimal digits
 * (names: `Eye Care` is `-qEye-20Care`); or `-x` and the base32hex of its bytes (everything else).
 */
const verbatim = /^(?!-[xq])[A-Za-z0-9-]+$/;
const alphabet = '0123456789abcdefghijklmnopqrstuv';

export function encodeKeyPart(part: string): string {
  if (verbatim.test(part)) return part;
  const bytes = Buffer.from(part, 'utf8');
  const quoted = quote(bytes);
  return quoted.length < packedLength(bytes.length) ? quoted : pack(bytes);
}

/** Undefined when no key part is written so: the encoding is injective, and only its own spelling is read. */
export function decodeKeyPart(text: string): string | undefined {
  if (verbatim.test(text)) return text;
  const bytes = text.startsWith('-x')
    ? unpack(text.slice(2))
    : text.startsWith('-q')
      ? unquote(text.slice(2))
      : undefined;
  const part = bytes && Buffer.from(bytes).toString('utf8');
  return part !== undefined && encodeKeyPart(part) === text ? part : undefined;
}

/** Each byte as `-q` writes it. */
const quotes = Array.from({ length: 256 }, (_, byte) => {
  const letter = String.fromCharCode(byte);
  return /[A-Za-z0-9]/.test(letter) ? letter : `-${byte.toString(16).padStart(2, '0')}`;
});

function quote(bytes: Buffer): string {
  let text = '-q';
  for (let i = 0; i < bytes.length; i++) text += quotes[bytes[i]!];
  return text;
}

function unquote(text: string): readonly number[] | undefined {
  if (!/^(?:[A-Za-z0-9]|-[0-9a-f]{2})*$/.test(text)) return undefined;
  return [...text.matchAll(/-([0-9a-f]{2})|(.)/g)].map(([, hex, letter]) =>
    hex === undefined ? letter!.charCodeAt(0) : Number.parseInt(hex, 16),
  );
}

/** Of so many bytes, with the mark. */
const packedLength = (bytes: number) => 2 + Math.ceil((bytes * 8) / 5);

function pack(bytes: Buffer): string {
  let text = '-x';
  let bits = 0;
  let held = 0;
  for (const byte of bytes) {
    held = (held << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += alphabet[(held >> bits) & 31];
    }
    held &= (1 << bits) - 1;
  }
  return bits > 0 ? text + alphabet[(held << (5 - bits)) & 31] : text;
}

function unpack(text: string): readonly number[] | undefined {
  const bytes: number[] = [];
  let bits = 0;
  let held = 0;
  for (const letter of text) {
    const value = alphabet.indexOf(letter);
    if (value < 0) return undefined;
    held = (held << 5) | value;
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      bytes.push((held >> bits) & 255);
      held &= (1 << bits) - 1;
    }
  }
  return bytes;
}

export const maxIdLength = 64;

/** Half of a surrogate pair alone has no UTF-8 form: two such texts would share one. */
const unpaired = /\p{Surrogate}/u;

/** Can a text be part of a key that is named? */
export function isKeyPart(part: string): boolean {
  return part !== '' && (verbatim.test(part) || !unpaired.test(part));
}

/** Undefined when the id would be longer than R4 allows, or a key part is empty or no Unicode text. */
export function formatId(source: string, parts: readonly string[], facet: string | undefined): string | undefined {
  let id = source;
  for (const part of parts) {
    if (!isKeyPart(part)) return undefined;
    id += `.${encodeKeyPart(part)}`;
  }
  if (facet !== undefined) id += `.${facet}`;
  return id.length > maxIdLength ? undefined : id;
}

export interface ParsedId {
  readonly source: string;
  /** What follows the source, still encoded. */
  readonly rest: readonly string[];
}

export function parseId(id: string): ParsedId | undefined {
  if (id.length > maxIdLength) return undefined;
  const [source, ...rest] = id.split('.');
  return source && rest.every((part) => part !== '') ? { source, rest } : undefined;
}

/** The native key of an id for a relation of `length` key columns and this facet; undefined when the id is not one of its. */
export function keyOf(
  rest: readonly string[],
  length: number,
  facet: string | undefined,
): readonly string[] | undefined {
  if (rest.length !== length + (facet === undefined ? 0 : 1)) return undefined;
  if (facet !== undefined && rest[length] !== facet) return undefined;
  const parts: string[] = [];
  for (const part of rest.slice(0, length)) {
    const decoded = decodeKeyPart(part);
    if (decoded === undefined || decoded === '') return undefined;
    parts.push(decoded);
  }
  return parts;
}
