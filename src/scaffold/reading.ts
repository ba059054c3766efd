import type { Cell } from '../source/row.js';
import { absentAmong, saysNothing } from './absent.js';
import { type Code, print, Raw } from './code.js';
import type { Linked, Planned } from './planned.js';
import type { SurveyedColumn } from './survey.js';
import { plain } from './words.js';

/** Steps of a path that only hold others together: `contact.phone` is a phone, `emergency.phone` is not the patient's. */
const holders = new Set('name contact contacts address location demographics info details personal profile'.split(' '));

/** The columns of one planned table, as a mapping reads them: each use is noted with a made-up value for the example. */
export class Reading {
  /** Columns read, with the cell that the example's row holds there. */
  readonly used = new Map<SurveyedColumn, Cell>();
  /** Names that the mapping imports. */
  readonly imports = new Set<string>(['map']);
  readonly variables: Set<string>;
  /** Of each of these one must hold something, or a required element would be missing. */
  readonly required: (readonly SurveyedColumn[])[] = [];
  /** What a person must decide. */
  readonly decisions: string[] = [];

  constructor(
    readonly planned: Planned,
    readonly source: string,
  ) {
    this.variables = new Set([planned.variable]);
    this.used.set(planned.key, syntheticKey(planned.key));
  }

  /** The first column of one of these names, none of the key. */
  find(names: string): SurveyedColumn | undefined {
    for (const name of names.split(' ')) {
      const found = this.planned.table.columns.find((column) => !this.used.has(column) && this.called(column, name));
      if (found) return found;
    }
    return undefined;
  }

  private called({ name, path }: SurveyedColumn, wanted: string): boolean {
    const all = [plain(name), plain(path.at(-1)!)];
    if (
      path.length > 1 &&
      this.planned.document === undefined &&
      !path.slice(0, -1).every((step) => holders.has(plain(step)))
    )
      all.pop();
    const nouns = this.planned.kind === 'Patient' ? ['patient', 'pat', 'pt', 'person'] : [plain(this.planned.kind)];
    const table = plain(this.planned.table.name).replace(/s$/, '');
    return all.some((one) => one === wanted || [...nouns, table].some((noun) => one === noun + wanted));
  }

  /** What makes a required element: rows that hold nothing in all the columns it reads make no resource. */
  require<T>(make: () => T): T {
    const before = new Set(this.used.keys());
    const made = make();
    const read = [...this.used.keys()].filter((column) => !before.has(column));
    if (read.length > 0 && read.every(({ nullable }) => nullable)) this.required.push(read);
    return made;
  }

  /** `rows.method('column', settings)`; the example's row holds `cell` there. */
  bind(method: string, column: SurveyedColumn, cell: Cell, settings?: Code): Raw {
    this.used.set(column, cell);
    const more = settings === undefined ? '' : `, ${print(settings, '    ')}`;
    return new Raw(`${this.planned.variable}.${method}(${print(column.name)}${more})`);
  }

  text(column: SurveyedColumn, cell: string): Raw {
    return this.bind('text', column, typed(column, cell));
  }

  optional(names: string, cell: string): Raw | undefined {
    const column = this.find(names);
    return column && this.text(column, cell);
  }

  /** A column of days; of moments, the part before the time. Undefined where its values are no dates as FHIR writes them. */
  date(names: string, cell = '2001-02-03'): Raw | undefined {
    const column = this.find(names);
    if (column?.type === 'date') return this.bind('date', column, cell);
    if (column?.type !== 'dateTime') return undefined;
    const separator = dividesAll(column, 'T') ? 'T' : dividesAll(column, ' ') ? ' ' : undefined;
    if (separator === undefined) return undefined;
    return this.bind('date', column, `${cell}${separator}00:00:00`, { part: { separator, count: 2, index: 0 } });
  }

  dateTime(names: string, cell = '2020-01-02'): Raw | undefined {
    const column = this.find(names);
    if (column?.type === 'date') return this.bind('dateTime', column, cell);
    return column?.type === 'dateTime' ? this.bind('dateTime', column, `${cell} 10:30:00`) : undefined;
  }

  /** `present` and the like, over columns of this table. */
  condition(method: string, column: SurveyedColumn, ...texts: readonly string[]): Raw {
    if (!this.used.has(column)) this.used.set(column, typed(column, texts[0] ?? 'x'));
    const more = texts.map((text) => `, ${print(text)}`).join('');
    return new Raw(`${this.planned.variable}.${method}(${print(column.name)}${more})`);
  }

  /** The name of a system of this source's own identifiers or codes. */
  system(column: SurveyedColumn, of: Planned = this.planned): string {
    return `urn:${this.source}:${of.slug}:${plain(column.path.join('-')) || 'column'}`;
  }

  /** A reference by the column that names a row of a kind; undefined where there is none. */
  reference(kind: Linked): Code | undefined {
    const link = this.planned.links[kind];
    if (!link) return undefined;
    const { column, target, dangling, alias } = link;
    if (target === undefined) {
      const system = alias ? this.system(alias.column, alias.of) : this.system(column);
      if (!alias)
        this.decisions.push(`${column.name}: whose key it holds was not found; the ${kind} has this identifier alone.`);
      return { type: kind, identifier: { system, value: this.text(column, 'a1') } };
    }
    this.imports.add('reference');
    this.variables.add(target.variable);
    if (column !== this.planned.key) this.used.set(column, syntheticKey(target.key));
    const from = `{ rows: ${this.planned.variable}, columns: [${print(column.name)}] }`;
    const leads = (more: string) => new Raw(`reference(${print(kind)}, ${target.variable}.id, ${from}${more})`);
    if (!dangling) return { reference: leads('') };
    const value = new Raw(`${this.planned.variable}.text(${print(column.name)})`);
    const identifier = { system: this.system(target.key, target), value };
    return { type: kind, reference: leads(', { ifExists: true }'), identifier };
  }

  /** Texts of a column that are known words, as they are written there, with their codes; and how many others there are. */
  known<T extends string>(column: SurveyedColumn, words: Readonly<Record<string, T>>): Known<T> {
    const codes: Record<string, T> = {};
    const canonical: Partial<Record<T, string>> = {};
    const seen = new Set(column.values.filter((value) => !saysNothing(value)).map((value) => String(value).trim()));
    let others = 0;
    for (const text of [...seen].sort()) {
      const word = text.toLowerCase().replace(/[\s_-]+/g, '-');
      const code = Object.hasOwn(words, word) ? words[word] : undefined;
      if (code === undefined) {
        others++;
        continue;
      }
      if (Object.values(codes).includes(code))
        canonical[code] ??= Object.keys(codes).find((one) => codes[one] === code)!;
      codes[text] = code;
    }
    return { codes, others, ...(Object.keys(canonical).length > 0 && { canonical }) };
  }

  /** A column of codes that are known words; undefined when none of its texts is one. */
  code<T extends string>(names: string, words: Readonly<Record<string, T>>, otherwise?: T): Raw | undefined {
    const column = this.find(names);
    if (!column || column.type === 'json') return undefined;
    const known = this.known(column, words);
    const { others } = known;
    if (Object.keys(known.codes).length === 0) return undefined;
    if (others > 0)
      this.decisions.push(
        `${column.name} holds ${others} more ${others === 1 ? 'text' : 'texts'} whose meaning is not certain: ${otherwise === undefined ? 'left out until it is given a code' : `served as ${otherwise}`}.`,
      );
    return this.coded(column, known, otherwise);
  }

  /** A column of codes by the table of its known words. */
  coded<T extends string>(column: SurveyedColumn, { codes, canonical }: Known<T>, otherwise?: T): Raw {
    const table = { codes, ...(canonical && { canonical }), ...(otherwise && { otherwise }) } as Code;
    return this.bind('code', column, typed(column, Object.keys(codes)[0]!), table);
  }
}

/** Texts of a column with the codes they certainly mean, and how many other texts it holds. */
interface Known<T extends string> {
  readonly codes: Readonly<Record<string, T>>;
  readonly canonical?: Readonly<Partial<Record<T, string>>>;
  readonly others: number;
}

/** The ids of a planned table's rows, in a mapping. */
export function idOf({ variable, facet }: Planned): string {
  return facet === undefined ? `${variable}.id` : `${variable}.facet(${print(facet)})`;
}

/** A made-up cell of a column's type. */
function typed({ type }: SurveyedColumn, text: string): Cell {
  if (type === 'integer' || type === 'decimal') return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : 7;
  if (type === 'boolean') return true;
  if (type === 'date') return '2001-02-03';
  return type === 'dateTime' ? '2001-02-03 10:30:00' : text;
}

/** The made-up key of every example. */
export function syntheticKey({ type }: SurveyedColumn): Cell {
  return type === 'integer' ? 1 : type === 'text' ? 'a1' : typed({ type } as SurveyedColumn, 'a1');
}

function dividesAll({ values }: SurveyedColumn, separator: string): boolean {
  return (
    values.length > 0 &&
    values.every((value) => absentAmong([value]).length > 0 || String(value).split(separator).length === 2)
  );
}
