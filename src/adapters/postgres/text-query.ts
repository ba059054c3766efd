import type { Statement, TextRow } from '../sql/server/vendor.js';

/** What a query says to its connection (pg's Connection, as far as pg's own Query uses it). */
interface Wire {
  readonly stream: { cork(): void; uncork(): void };
  readonly parsedStatements: Readonly<Record<string, string>>;
  readonly submittedNamedStatements: Record<string, string>;
  query(text: string): void;
  parse(statement: { readonly text: string; readonly name: string }): void;
  bind(portal: { readonly statement: string; readonly values: readonly (string | null)[] }): void;
  execute(portal: object): void;
  sync(): void;
}

/**
 * One statement whose rows are had as the server writes them. pg's own Query asks what columns there are and makes an object of
 * them for each answer; here they are known before. pg takes any such object (https://node-postgres.com/apis/client#clientquery).
 */
export class TextQuery {
  readonly text: string;
  private readonly values: Statement['values'];
  private readonly rows: TextRow[] = [];
  private tag = '';

  constructor(
    { text, values }: Statement,
    /** By which the server keeps it prepared; '' is prepared for this once. */
    readonly name: string,
    /** `changed`: how many rows it found and changed. */
    private readonly resolve: (rows: readonly TextRow[], changed: number) => void,
    private readonly reject: (error: unknown) => void,
  ) {
    this.text = text;
    this.values = values;
  }

  submit(wire: Wire): null {
    if (this.values.length === 0 && this.name === '') {
      wire.query(this.text);
      return null;
    }
    const { name, text } = this;
    wire.stream.cork();
    if (name === '' || !(name in wire.parsedStatements || name in wire.submittedNamedStatements)) {
      wire.parse({ text, name });
      if (name !== '') wire.submittedNamedStatements[name] = text;
    }
    wire.bind({ statement: name, values: this.values.map(written) });
    wire.execute({});
    wire.sync();
    wire.stream.uncork();
    return null;
  }

  handleRowDescription(): void {}

  handleDataRow({ fields }: { readonly fields: TextRow }): void {
    this.rows.push(fields);
  }

  /** `UPDATE 1`, `INSERT 0 1`: https://www.postgresql.org/docs/current/protocol-message-formats.html */
  handleCommandComplete({ text }: { readonly text: string }): void {
    this.tag = text;
  }

  handleEmptyQuery(): void {}

  handlePortalSuspended(): void {}

  handleError(error: unknown): void {
    this.reject(error);
  }

  handleReadyForQuery(): void {
    this.resolve(this.rows, Number(/\d+$/.exec(this.tag)?.[0] ?? 0));
  }
}

/** A value as the server reads it: a list as an array of texts (https://www.postgresql.org/docs/current/arrays.html#ARRAYS-IO). */
function written(value: unknown): string | null {
  if (typeof value === 'string') return value;
  if (value === null || value === undefined) return null;
  if (!Array.isArray(value)) return String(value);
  const items = value.map((one) => (one === null ? 'NULL' : `"${String(one).replace(/["\\]/g, '\\$&')}"`));
  return `{${items.join(',')}}`;
}
