/** One member of an object that a text writes out; numbers are their digits, nested objects and lists as they are written. */
export interface Member {
  readonly name: string;
  readonly value: string | boolean | null;
}

/** Deeper nesting is no record of anything, and would be a way to exhaust the stack. */
const DEEPEST = 64;

/**
 * The members of an object written as JSON or as a literal of Python (`{'a': 1, 'b': None}`), in their order, a name that is said
 * twice twice; undefined when the text is neither. Nothing is run: what is no literal is no object.
 */
export function writtenObject(text: string): readonly Member[] | undefined {
  try {
    const reader = new Reader(text);
    const members = reader.object();
    return reader.atEnd() ? members : undefined;
  } catch (error) {
    if (error === notWritten) return undefined;
    throw error;
  }
}

const notWritten = Symbol('no literal');
const space = /[ \t\r\n]*/y;
const number = /[-+]?(?:0|[1-9]\d*|\d*(?=\.\d))(?:\.\d*)?(?:[eE][+-]?\d+)?(?![\w.])/y;
const word = /(?:true|false|null|True|False|None)(?!\w)/y;
const quote = /[uU]?(['"])/y;
const words: Readonly<Record<string, boolean | null>> = {
  true: true,
  True: true,
  false: false,
  False: false,
  null: null,
  None: null,
};
const escapes: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  b: '\b',
  f: '\f',
  '/': '/',
  '\\': '\\',
  "'": "'",
  '"': '"',
};
const codePoints = { x: 2, u: 4, U: 8 } as const;
const closing = { '{': '}', '[': ']', '(': ')' } as const;

class Reader {
  private at = 0;

  constructor(private readonly text: string) {}

  atEnd(): boolean {
    this.take(space);
    return this.at === this.text.length;
  }

  object(depth = 0): readonly Member[] {
    const members: Member[] = [];
    this.sequence('{', depth, () => {
      const name = this.scalar();
      if (typeof name !== 'string') throw notWritten;
      this.expect(':');
      members.push({ name, value: this.value(depth + 1) });
    });
    return members;
  }

  private value(depth: number): Member['value'] {
    this.take(space);
    const start = this.at;
    const opening = this.text[start];
    if (opening !== '{' && opening !== '[' && opening !== '(') return this.scalar();
    if (opening === '{') this.object(depth);
    else this.sequence(opening, depth, () => this.value(depth + 1));
    return this.text.slice(start, this.at);
  }

  private sequence(opening: '{' | '[' | '(', depth: number, element: () => void): void {
    if (depth > DEEPEST) throw notWritten;
    this.expect(opening);
    while (!this.skip(closing[opening])) {
      element();
      if (this.skip(',')) continue;
      this.expect(closing[opening]);
      return;
    }
  }

  private scalar(): Member['value'] {
    this.take(space);
    const digits = this.take(number);
    if (digits) return digits[0];
    const named = this.take(word);
    if (named) return words[named[0]]!;
    const quoted = this.take(quote);
    if (!quoted) throw notWritten;
    return this.string(quoted[1]!);
  }

  private string(end: string): string {
    let value = '';
    for (;;) {
      const letter = this.text[this.at++];
      if (letter === end) return value;
      // A line break stands in no string of either language.
      if (letter === undefined || letter === '\n' || letter === '\r') throw notWritten;
      value += letter === '\\' ? this.escape() : letter;
    }
  }

  private escape(): string {
    const letter = this.text[this.at++];
    if (letter === undefined) throw notWritten;
    if (Object.hasOwn(escapes, letter)) return escapes[letter]!;
    if (letter !== 'x' && letter !== 'u' && letter !== 'U') return `\\${letter}`;
    const digits = this.text.slice(this.at, this.at + codePoints[letter]);
    this.at += codePoints[letter];
    const code = Number.parseInt(digits, 16);
    if (!/^[\da-fA-F]+$/.test(digits) || digits.length < codePoints[letter] || code > 0x10ffff) throw notWritten;
    return letter === 'U' ? String.fromCodePoint(code) : String.fromCharCode(code);
  }

  private take(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text);
    if (!found) return undefined;
    this.at = pattern.lastIndex;
    return found;
  }

  private skip(sign: string): boolean {
    this.take(space);
    if (this.text[this.at] !== sign) return false;
    this.at++;
    return true;
  }

  private expect(sign: string): void {
    if (!this.skip(sign)) throw notWritten;
  }
}
