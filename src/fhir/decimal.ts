const number = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/** What stands for a Decimal while `serialize` runs, and how many it met. */
let run: { readonly marker: string; met: number } | undefined;

/**
 * A decimal whose text is not the one JavaScript would write for that number (`1.50`, 20 digits); R4 datatypes.html#decimal
 * wants the precision kept. Only `serialize` writes its text; plain `JSON.stringify` writes the nearest number.
 */
export class Decimal {
  /** @throws {RangeError} when the text is not a JSON number. */
  constructor(readonly text: string) {
    if (!number.test(text)) throw new RangeError('not the text of a JSON number');
  }

  valueOf(): number {
    return Number(this.text);
  }

  toString(): string {
    return this.text;
  }

  toJSON(): string | number {
    if (!run) return Number(this.text);
    run.met++;
    return run.marker + this.text;
  }
}

/** A JSON number with exactly this text: a plain number when JavaScript writes it the same, else a Decimal. Undefined when it is no number. */
export function decimal(text: string): number | Decimal | undefined {
  if (!number.test(text)) return undefined;
  const value = Number(text);
  return String(value) === text ? value : new Decimal(text);
}

/**
 * `JSON.stringify` that writes each Decimal with its own text. A text in the data that looks like the marker is seen,
 * because there is then one more of them than there are Decimals; another marker is taken until the two agree.
 */
export function serialize(value: unknown, indent?: number): string {
  for (let attempt = 0; ; attempt++) {
    const current = { marker: `\uE000decimal${attempt}:`, met: 0 };
    const outer = run;
    run = current;
    let json: string;
    try {
      json = JSON.stringify(value, undefined, indent);
    } finally {
      run = outer;
    }
    if (current.met === 0) return json;
    let found = 0;
    const written = json.replaceAll(new RegExp(`"${current.marker}([^"\\\\]*)"`, 'g'), (_, text: string) => {
      found++;
      return text;
    });
    if (found === current.met) return written;
  }
}
