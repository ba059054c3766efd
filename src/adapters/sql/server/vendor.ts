import type { NativeQuery } from '../../../source/adapter.js';
import type { Cell } from '../../../source/row.js';
import type { Fragment } from '../fragment.js';
import type { Column, Kind, ServerColumn } from './column.js';
import type { Meaning, Refusal } from './failure.js';
import type { Catalog } from './schema.js';

/** A result row: every cell as text. */
export type TextRow = readonly (string | null)[];

export interface Statement {
  readonly text: string;
  readonly values: readonly unknown[];
}

/** What a statement answered. */
export interface Answer {
  readonly rows: readonly TextRow[];
  /** How many rows it found and changed. */
  readonly changed?: number | null;
  /** The number that the server gave the row that it added. */
  readonly given?: string;
}

/** One session of a database server. One statement at a time. */
export interface Connection {
  /** Rows of a short answer. The server itself gives up after `timeoutMs`. */
  run(statement: Statement, timeoutMs: number): Promise<readonly TextRow[]>;
  /** As `run`, of a statement that changes rows. */
  change(statement: Statement, timeoutMs: number): Promise<Answer>;
  /** Begins or ends a transaction: not every server prepares such a statement. */
  say(text: string, timeoutMs: number): Promise<unknown>;
  /** Rows of a long answer, as many at a time as the server is asked for. */
  stream(statement: Statement, timeoutMs: number): AsyncGenerator<readonly TextRow[], void>;
  /** Stops the running statement on the server, from outside of this session. */
  cancel(): Promise<void>;
  /** Ends the session without waiting for the server. */
  destroy(): void;
  /** False once the server, or the network, has ended it. */
  readonly alive: boolean;
}

/** A literal of the type, to compare a column of that kind with. */
export type Param = (kind: Kind, value: string) => Fragment;

/** How an index of a text column finds texts: each a condition that no text in question fails, and few others pass. */
export interface TextSearch {
  /** The text itself, perhaps with white space behind it. */
  readonly equal: (value: string) => Fragment;
  readonly beginning: (prefix: string) => Fragment;
  /** White space comes first. */
  readonly spaced: Fragment;
  /** It begins with the head, in any case if `ignoresCase`, and goes on with a character beyond ASCII that is no variant of an ASCII letter to the index. */
  readonly beyondAscii?: (head: string) => Fragment;
  readonly ignoresCase: boolean;
  /** A comparison with a date or time as text; absent where the order of the index is not that of dates. */
  readonly compared?: (operator: '<=' | '>=', value: string) => Fragment;
}

/** A text, as SQL, of which something is known; and a value of a request. */
export interface Known {
  readonly text: (text: string) => string;
  readonly value: (value: string) => boolean;
}

/** What one vendor of SQL servers says differently: most of it as standard SQL does (`standardSql`). Everything else is shared. */
export interface Vendor {
  readonly quote: (identifier: string) => string;
  /** SQL of a statement whose values are marked with `?`. */
  readonly marked: (text: string) => string;
  readonly param: Param;

  /** The text of a cell (source/evaluate.ts `cellText`, untrimmed), compared by code point. */
  readonly text: (column: Column) => string;
  readonly trim: (text: string) => string;
  /** Does the text match (POSIX extended expression with look-ahead; no letters' case, no line ends in it)? */
  readonly matches: (text: string, pattern: string) => string;
  /** One of the pieces that `separator` cuts a text into, counted from 0. */
  readonly piece: (text: string, separator: string, index: number) => string;
  /** The exact number of a text that is a decimal. */
  readonly number: (text: string) => string;
  /** `fold` of a trimmed text. */
  readonly fold: (text: string) => string;
  /** Of which texts the vendor says `fold` or `number` as they are meant, and of which values; absent: of all. */
  readonly knows: { readonly fold?: Known; readonly decimal?: Known };
  /** Is a value one of several? As `IN` when absent. */
  readonly among?: (value: string, values: readonly Fragment[]) => Fragment | undefined;
  readonly startsWith: (text: string, prefix: string) => Fragment;
  readonly contains: (text: string, infix: string) => Fragment;
  /** Of a column that orders itself: is its value one that the expression has too? `TRUE` where all are. */
  readonly proper: (column: Column) => string;
  /** The contrary, of a value that is there, by comparisons of the column; undefined where it takes more than those. */
  readonly improper: (column: Column) => string | undefined;
  /** A condition that an index of the column can answer, and that a cell of that very text satisfies. */
  readonly same: (column: Column, text: string) => Fragment | undefined;
  /** An outer text as the inner column compares it. */
  readonly like: (outer: Column, inner: Column) => string;
  readonly search: (column: Column) => TextSearch | undefined;
  readonly nullsLast: (value: string, direction: 'asc' | 'desc') => string;
  /** The end of a statement of at most so many rows. */
  readonly limit: (rows: number) => string;
  /** Names a row besides its primary key, in an order of its own. */
  readonly rowOrder?: string;
  /** A text that no cell can hold: nothing is equal to it. */
  readonly impossible: (text: string) => boolean;

  /** How rows are changed. */
  readonly writing: WriteWords;

  /** A session that is read only, unless it `writes`. */
  readonly connect: (signal: AbortSignal, writes?: boolean) => Promise<Connection>;
  /** Tables, columns, keys and indexes, from information_schema and the like. */
  readonly catalog: (connection: Connection, timeoutMs: number) => Promise<Catalog>;
  readonly explain: (connection: Connection, statement: Statement, timeoutMs: number) => Promise<Plan>;
  readonly meaning: (error: unknown) => Meaning;
}

/** What a vendor says differently of changes. */
export interface WriteWords {
  /** Begins a transaction that sees what others have committed, and waits for those who hold a row. */
  readonly begin: string;
  /** At the end of a query: keeps its rows from other writers. */
  readonly lock: string;
  /** Are two values the same, or both null? */
  readonly same: (one: string, other: string) => string;
  /** The value of a column that a cell stands for; undefined: the cell's text, as the column reads it. */
  readonly written?: (column: ServerColumn, cell: Exclude<Cell, null>) => Fragment | undefined;
  readonly deleteFrom: (table: string, alias: string) => string;
  /** The rest of INSERT where no column is named. */
  readonly defaults: string;
  /** Does INSERT hand back columns of the row that it added (RETURNING)? Else the one number that the server gave it is its key. */
  readonly returns: () => boolean;
  readonly refusal: (error: unknown) => Refusal;
}

export type Plan = Pick<NativeQuery, 'access' | 'index' | 'plan'>;
