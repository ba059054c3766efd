import type { CodeableConcept, Resource } from '@medplum/fhirtypes';
import type { Expression } from '../source/expression.js';
import { ROW } from '../source/numbered.js';
import type { Column, ConstantRelation, DistinctRelation, Relation, TableRelation } from '../source/relation.js';
import { and, not, type On, or, type Selection } from '../source/selection.js';
import { PLACE } from '../source/unwind.js';
import type { Codec } from './codec.js';
import { boolean } from './codecs/boolean.js';
import { type Codes, codes } from './codecs/codes.js';
import { type ConceptOptions, concept } from './codecs/concept.js';
import { date } from './codecs/date.js';
import { dateTime } from './codecs/date-time.js';
import { decimal } from './codecs/decimal.js';
import { instant } from './codecs/instant.js';
import { integer } from './codecs/integer.js';
import { text } from './codecs/text.js';
import { webAddress } from './codecs/web-address.js';
import { type DateOrder, writtenDate } from './codecs/written-date.js';
import type { IdScheme } from './id-scheme.js';
import type { Binding, Each, LinkedBinding, Node, ReferenceBinding, Template, When } from './template.js';

/** What a column holds, as the source's owner means it. `check` compares it with the live schema. */
export type ColumnType = 'text' | 'integer' | 'decimal' | 'boolean' | 'date' | 'dateTime' | 'instant' | 'json';
export type ColumnDefinition =
  | ColumnType
  | { readonly path: string; readonly type: ColumnType }
  /** The place, from 0, of the row's element in an array that the table unwinds. */
  | { readonly placeIn: string };

export interface BindingOptions {
  /** Texts that say nothing in this column, beside null and blank. */
  readonly absent?: readonly string[];
  /** One piece of a packed text. */
  readonly part?: Expression['part'];
}

type Names<C> = keyof C & string;

/** A relation's columns as bindings; a misspelt name does not compile. */
export class Rows<C extends Readonly<Record<string, ColumnDefinition>>, R extends Relation = Relation> {
  constructor(
    readonly relation: R,
    readonly types: Readonly<Record<Names<C>, ColumnType>>,
    /** Texts that say nothing in every column. */
    readonly absent: readonly string[] = [],
    /** Are the ids of its rows stored? */
    private readonly idStore = false,
  ) {}

  /** The id of a row: the mapping's `id`, or the target of a `reference`. */
  get id(): IdScheme {
    return {
      relation: this.relation,
      integers: this.relation.key.filter((k) => this.types[k as Names<C>] === 'integer'),
      ...(this.idStore && { stored: true }),
    };
  }

  /** The id of one of several resources made from a row. */
  facet(facet: string): IdScheme {
    return { ...this.id, facet };
  }

  /** The id of a row of another source, whose keys this source holds: only the target of a `reference`. */
  idIn(source: string): IdScheme {
    return { ...this.id, source };
  }

  text(column: Names<C>, options?: BindingOptions): Binding<string> {
    return this.col(column, text, options);
  }

  date(column: Names<C>, options?: BindingOptions): Binding<string> {
    return this.col(column, date, options);
  }

  dateTime(column: Names<C>, options?: BindingOptions): Binding<string> {
    return {
      node: 'binding',
      of: this.expression(column, 'dateTime', options),
      codec: { late: (setting) => dateTime(setting.timeZone) },
    };
  }

  /** A column of moments of UTC, as databases with a type for them keep (`timestamptz`, a Date of MongoDB, the time of InfluxDB): the database finds them to the second. */
  instant(column: Names<C>, options?: BindingOptions): Binding<string> {
    return this.col(column, instant, options);
  }

  /** A column of dates in several notations (`2024-03-05`, `5/3/2024`, `March 5, 2024`); what is none of them is undecodable and reported. */
  writtenDate(column: Names<C>, order: DateOrder, options?: BindingOptions): Binding<string> {
    return {
      node: 'binding',
      of: this.expression(column, 'text', options),
      codec: { late: (setting) => writtenDate(order, setting.timeZone) },
    };
  }

  decimal(column: Names<C>, options?: BindingOptions): Binding<number> {
    return this.col(column, decimal, options);
  }

  integer(column: Names<C>, options?: BindingOptions): Binding<number> {
    return this.col(column, integer, options);
  }

  boolean(column: Names<C>, options?: BindingOptions): Binding<boolean> {
    return this.col(column, boolean, options);
  }

  /** A column of addresses on the public web (https); any other is undecodable, and is not handed on. */
  webAddress(column: Names<C>, options?: BindingOptions): Binding<string> {
    return this.col(column, webAddress, options);
  }

  /**
   * A column of local codes as a FHIR code; a text outside the table is undecodable and reported. Nothing in a piece of a packed text
   * (`part`) cannot stand for a code: the text may only have other pieces.
   */
  code<T extends string>(column: Names<C>, table: Codes<T>, options?: BindingOptions): Binding<T> {
    if (table.absent !== undefined && options?.part)
      throw new RangeError(`${column}: a piece that is not there has no code`);
    return this.col(column, codes(table), options);
  }

  /** A column of local codes or free text as a CodeableConcept: the translations of a ConceptMap, the source's own coding, and the text. */
  concept(column: Names<C>, settings: ConceptOptions, options?: BindingOptions): Binding<CodeableConcept> {
    if (settings.absent !== undefined && options?.part)
      throw new RangeError(`${column}: a piece that is not there has no code`);
    return {
      node: 'binding',
      of: this.expression(column, 'text', options),
      codec: {
        late: (setting) => concept(settings, settings.map === undefined ? undefined : setting.conceptMap(settings.map)),
      },
    };
  }

  /** A column through a codec of one's own. */
  col<T>(column: Names<C>, codec: Codec<T>, options?: BindingOptions): Binding<T> {
    return { node: 'binding', of: this.expression(column, codec.as, options), codec };
  }

  /** Does the column hold something? */
  present(column: Names<C>, options?: BindingOptions): Selection {
    return { op: 'present', of: this.expression(column, 'text', options) };
  }

  /** Does the column hold a number? */
  numeric(column: Names<C>, options?: BindingOptions): Selection {
    return { op: 'present', of: this.expression(column, 'decimal', options) };
  }

  /** Is the column, trimmed, one of these texts? */
  oneOf(column: Names<C>, ...texts: readonly string[]): Selection {
    return { op: 'in', of: this.expression(column, 'text'), values: texts };
  }

  /** Does the column, trimmed, begin with one of these texts? */
  startsWith(column: Names<C>, ...texts: readonly string[]): Selection {
    return or(...texts.map((value): Selection => ({ op: 'prefix', of: this.expression(column, 'text'), value })));
  }

  private expression(column: Names<C>, as: Expression['as'], options: BindingOptions = {}): Expression {
    const absent = [...this.absent, ...(options.absent ?? [])];
    return { column, as, ...(options.part && { part: options.part }), ...(absent.length > 0 && { absent }) };
  }
}

/**
 * A table, a file or a collection. `key` names a row; `columns` says what each column holds, with a path where it is nested
 * (`{ path: 'name.first', type: 'text' }`).
 * `absent`: texts that say nothing in every column, beside null and blank.
 * `idStore`: the key holds a person's name, or may be too long for an id. No part of it stands in an id or a URL: the server's
 * own database holds an opaque text for each.
 * `unwind`: arrays of a document, outermost first, of which each element is a row (visits of a patient, medications of a visit).
 * `{ unwind: ['results.$members'] }`: the members of an object, or of a text that writes one out (JSON, a literal of Python), as
 * `results.$members.name` and `.value`; a text that is neither is one member without a name.
 * Paths go through an element as if it stood in its array's place; `{ placeIn: 'visits' }` is its place, for a key.
 */
export function table<const C extends Readonly<Record<string, ColumnDefinition>>>(
  name: string,
  definition: {
    readonly key: readonly (keyof C & string)[];
    readonly absent?: readonly string[];
    readonly unwind?: readonly string[];
    readonly idStore?: boolean;
    readonly columns: C;
  },
): Rows<C, TableRelation> {
  const { unwind, absent } = definition;
  const columns: Record<string, Column> = {};
  const types: Record<string, ColumnType> = {};
  for (const [column, of] of Object.entries(definition.columns) as [string, ColumnDefinition][]) {
    columns[column] = { name: column, path: pathOf(column, of) };
    types[column] = typeof of === 'string' ? of : 'placeIn' in of ? 'integer' : of.type;
    if (typeof of === 'object' && 'placeIn' in of && !unwind?.includes(of.placeIn))
      throw new RangeError(`table ${name} does not unwind ${of.placeIn}`);
  }
  const arrays = unwind && { unwind: unwind.map((path) => path.split('.')) };
  return new Rows<C, TableRelation>(
    { kind: 'table', name, key: definition.key, columns, ...arrays },
    types as Record<Names<C>, ColumnType>,
    absent,
    definition.idStore,
  );
}

/**
 * A table without a key. Its rows are told apart by all of `columns`, and rows that are equal in each of them by a number; their ids
 * are stored. A row that changes is another row. Nothing can refer to it, and reading one looks at every row of the table.
 */
export function keylessTable<const C extends Readonly<Record<string, ColumnDefinition>>>(
  name: string,
  definition: { readonly absent?: readonly string[]; readonly columns: C },
): Rows<C, TableRelation> {
  const { relation, types, absent } = table<Readonly<Record<string, ColumnDefinition>>>(name, {
    ...definition,
    key: [],
  });
  const columns = { ...relation.columns, [ROW]: { name: ROW, path: [ROW] } };
  return new Rows<C, TableRelation>(
    { ...relation, key: [ROW], columns, numbered: true },
    types as Record<Names<C>, ColumnType>,
    absent,
    true,
  );
}

function pathOf(column: string, of: ColumnDefinition): readonly string[] {
  if (typeof of === 'string') return [column];
  return 'placeIn' in of ? [...of.placeIn.split('.'), PLACE] : of.path.split('.');
}

/** The distinct texts of some columns, as rows of one column `value` (departments, beds). `idStore`: as of `table`. */
export function distinct(
  named: string | { readonly name: string; readonly idStore: boolean },
  ...of: readonly { readonly rows: Rows<never, TableRelation>; readonly column: string }[]
): Rows<{ readonly value: 'text' }, DistinctRelation> {
  const { name, idStore } = typeof named === 'string' ? { name: named, idStore: false } : named;
  const relation: DistinctRelation = {
    kind: 'distinct',
    name,
    key: ['value'],
    columns: { value: { name: 'value', path: ['value'] } },
    of: of.map(({ rows, column }) => ({ table: rows.relation, column })),
  };
  return new Rows(relation, { value: 'text' }, [...new Set(of.flatMap(({ rows }) => rows.absent))], idStore);
}

/** One column among those that `distinct` collects. */
export function valuesOf<C extends Readonly<Record<string, ColumnDefinition>>>(
  rows: Rows<C, TableRelation>,
  column: Names<C>,
): { readonly rows: Rows<never, TableRelation>; readonly column: string } {
  return { rows: rows as unknown as Rows<never, TableRelation>, column };
}

/** One row that every source has: the source itself (its hospital). */
export function constant(name: string): Rows<Record<never, ColumnDefinition>, ConstantRelation> {
  return new Rows({ kind: 'constant', name, key: [], columns: {} }, {});
}

export interface ReferenceOptions {
  /**
   * Only a literal reference when the row referred to is there (a source may hold dangling keys). Give the reference an
   * `identifier` beside it: it stays, as a logical reference.
   */
  readonly ifExists?: boolean;
}

/**
 * The leaf `Reference.reference`. Without columns the target is made from the same row; otherwise `columns` hold the
 * target's key, in order.
 */
export function reference<C extends Readonly<Record<string, ColumnDefinition>>>(
  type: Resource['resourceType'],
  target: IdScheme,
  from?: { readonly rows: Rows<C>; readonly columns: readonly Names<C>[]; readonly absent?: readonly string[] },
  options: ReferenceOptions = {},
): ReferenceBinding {
  const columns = from?.columns ?? target.relation.key;
  const as = target.relation.kind === 'distinct' ? 'text' : 'raw';
  const absent = [...(from?.rows.absent ?? []), ...(from?.absent ?? [])];
  const key = columns.map((column): Expression => ({ column, as, ...(absent.length > 0 && { absent }) }));
  if (options.ifExists && target.source !== undefined)
    throw new RangeError(`whether a row of ${target.source} exists is not known here`);
  if (!options.ifExists || target.relation.kind !== 'table') return { node: 'reference', type, target, key };
  const on: On = Object.fromEntries(target.relation.key.map((inner, i) => [inner, columns[i]!]));
  return { node: 'reference', type, target, key, exists: { relation: target.relation, on } };
}

/**
 * The leaf `Attachment.url`: the Binary of a row, where the row holds an address of what it is of. The address itself is not
 * handed on; the mapping of the Binary names it in `content`.
 */
export function binary(target: IdScheme, address: Binding<string>): ReferenceBinding {
  return { ...reference('Binary', target), holds: address };
}

/** Where the bytes of a Binary lie. They are fetched when it is read, as far as the configuration lets its source be asked there. */
export interface Content {
  readonly address: Binding<string>;
  /**
   * Where the file of a page lies: how the page's address begins -> the file's address, `{}` standing in both for one segment of
   * a path (`https://drive.example/d/{}/` -> `https://drive.example/file?id={}`).
   */
  readonly files?: Readonly<Record<string, string>>;
}

/**
 * The leaf `Reference.reference` where the source knows somebody by a key alone, which is no key of any table: a name, a number of
 * another system. It is a literal reference for keys that the link table says to be a resource (`healthsync links import`), and
 * absent for the others: give the reference an `identifier` of the system `space` beside it, which stays.
 */
export function linked<C extends Readonly<Record<string, ColumnDefinition>>>(
  type: Resource['resourceType'],
  space: string,
  rows: Rows<C>,
  column: Names<C>,
): LinkedBinding {
  return { node: 'linked', type, space, of: rows.text(column).of };
}

/** Something that is there only for some rows. */
export function when<T>(where: Selection, to: T): When<T> {
  return { node: 'when', where, to };
}

/** Slots from related rows of another table of the same source: `inner column -> outer column`. */
export function each<E, C extends Readonly<Record<string, ColumnDefinition>>>(
  rows: Rows<C, TableRelation>,
  on: Readonly<Partial<Record<Names<C>, string>>>,
  to: NoInfer<Template<E> | When<Template<E>>>,
): Each<E> {
  const order = rows.relation.key.map((column) => ({ of: { column, as: 'raw' as const }, direction: 'asc' as const }));
  return { node: 'each', relation: rows.relation, on: on as On, order, to };
}

/** The index rows of one search parameter over a table of stored documents, by the shape of the parameter's values. */
export interface DocumentIndex {
  readonly relation: TableRelation;
  readonly on: On;
  /** Constant columns that pick this parameter's rows. */
  readonly where: Selection;
  /** Element template, of the FHIR type that the parameter searches (`{ system, value }` for an Identifier, a string, a date ...). */
  readonly type: string;
  readonly to: Node;
}

/** What may be written of a mapping, and how. What is not said is not offered; nor is anything, unless the source's configuration opts in. */
export interface WriteDefinition {
  /** A create adds a row, or fills the columns of a row that is there and makes no resource of this mapping yet. */
  readonly create?: 'row' | 'columns';
  /** Who says the key of a row that is added: the elements that show it, the source as it adds the row, or a random UUID. */
  readonly key?: 'client' | 'source' | 'uuid';
  readonly update?: true;
  /** An update of an id that is not there creates it (R4 http.html#upsert); the key is what the id says. */
  readonly updateCreates?: true;
  /** A delete takes the row away, or empties the columns. */
  readonly delete?: 'row' | 'columns';
  /** Columns that it reads and another mapping of the same rows writes. */
  readonly shared?: readonly string[];
  /** Columns that another mapping of the same rows writes too: both resources tell of one fact, and change together. */
  readonly together?: readonly string[];
}

export interface MappingDefinition<T extends Resource> {
  /** Unique in the folder; `patient`, `observation-height`. */
  readonly name: string;
  readonly id: IdScheme;
  /** Rows without it make no resource. Default: every row. */
  readonly exists?: Selection;
  /** What is done with a row whose value cannot be decoded: served without the element and reported, or left out and reported. */
  readonly undecodable?: 'report' | 'refuse';
  /** The column that says when a row last changed, if the source knows. */
  readonly lastUpdated?: Binding<string>;
  /** Columns of the relation that no mapping reads, each with the reason (`check` lists them). */
  readonly unmapped?: Readonly<Record<string, string>>;
  /** Why a required element is a constant here: element -> reason. */
  readonly because?: Readonly<Record<string, string>>;
  /** Where the relation is a table of whole resources: the column with the JSON text, and its index rows by search parameter. */
  readonly document?: { readonly column: string; readonly index: Readonly<Record<string, DocumentIndex>> };
  /** Of a Binary, and only of one: where its bytes lie. */
  readonly content?: Content;
  /** Absent: it is only read. */
  readonly write?: WriteDefinition;
  readonly to: Template<T>;
}

/** One description of one resource: read, searched, and told of in the CapabilityStatement. */
export interface Mapping {
  readonly kind: 'mapping';
  readonly type: Resource['resourceType'];
  readonly definition: Omit<MappingDefinition<Resource>, 'to'> & { readonly to: Node };
}

export function map<T extends Resource>(type: T['resourceType'], definition: MappingDefinition<T>): Mapping {
  return { kind: 'mapping', type, definition: definition as unknown as Mapping['definition'] };
}

export { and, not, or };
