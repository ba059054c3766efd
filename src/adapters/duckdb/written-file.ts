import { realpath, stat } from 'node:fs/promises';
import { Fault } from '../../errors/fault.js';
import type { Call, Cells } from '../../source/adapter.js';
import type { TableRelation } from '../../source/relation.js';
import type { Cell } from '../../source/row.js';
import { unwantedFault, wanted } from '../../source/wanted.js';
import { csvFields, csvRecords, likeRecord, withFields } from './csv-records.js';
import { cellAt, parseDocument, rawKey } from './document.js';
import { FileLock } from './file-lock.js';
import { type JsonKind, kindAt, likeDocument, styleOf, withCell } from './json-edit.js';
import { arrayBegin, jsonRecords } from './json-records.js';
import { digested, digestOf, flushFolder, ReplacedFile, removeLeft, type Splice } from './replaced-file.js';
import { type Folder, type OpenFile, versionOf } from './schema.js';
import { encoded, type StoredRecord } from './stored-record.js';

/** Where the record of a key lies, and those about it. */
interface Place {
  readonly record: StoredRecord;
  readonly previous: StoredRecord | undefined;
  readonly next: StoredRecord | undefined;
}

interface Searched {
  readonly place: Place | undefined;
  readonly last: StoredRecord | undefined;
  /** Of what was looked through. */
  readonly digest: string;
  readonly size: number;
  /** Are all letters beyond ASCII written as escapes? */
  readonly escaped: boolean;
}

/** A file of the folder that one transaction has for itself: the file as it lies there, or a copy with the changes so far. */
export class WrittenFile {
  private copy: ReplacedFile | undefined;
  private searched: { readonly name: string; readonly found: Searched } | undefined;
  /** Of the bytes of the original that the first copy was made from. */
  private digest: string | undefined;

  private constructor(
    private readonly folder: Folder,
    private readonly original: OpenFile,
    private readonly path: string,
    private readonly lock: FileLock,
    private readonly call: Call,
    /** What is read now. */
    public current: OpenFile,
  ) {}

  static async open(folder: Folder, stem: string, call: Call): Promise<WrittenFile> {
    wanted(call);
    const { path } = await folder.open(stem);
    // What a link leads to is replaced, not the link.
    const real = await realpath(path);
    const lock = await FileLock.of(real, call);
    try {
      await removeLeft(real);
      const original = await folder.open(stem);
      return new WrittenFile(folder, original, real, lock, call, original);
    } catch (error) {
      await lock.release();
      throw error;
    }
  }

  get isChanged(): boolean {
    return this.copy !== undefined;
  }

  /** The record of a key. Throws `duplicate-key` when there are several. */
  async find(relation: TableRelation, key: readonly Cell[]): Promise<StoredRecord | undefined> {
    return (await this.search(relation, key)).place?.record;
  }

  async replace(relation: TableRelation, key: readonly Cell[], before: Cells, cells: Cells): Promise<boolean> {
    const { place, escaped, digest } = await this.search(relation, key);
    if (!place || !this.holds(relation, place.record, before)) return false;
    const { record } = place;
    const content =
      this.current.kind === 'csv'
        ? withFields(record.text, this.byPlace(relation, cells))
        : await this.editedDocument(relation, record.text, cells, escaped);
    if (content !== record.text)
      await this.change({ from: record.from, until: record.until, content: this.encoded(content) }, digest);
    return true;
  }

  async remove(relation: TableRelation, key: readonly Cell[], before: Cells): Promise<boolean> {
    const { place, digest } = await this.search(relation, key);
    if (!place || !this.holds(relation, place.record, before)) return false;
    const { record, previous, next } = place;
    let [from, until] = [record.from, record.lineUntil];
    if (this.isLines) {
      // The last line of a file that ends without a line end leaves one that does so too.
      if (record.lineUntil === record.until && previous) from = previous.until;
    } else if (next) until = next.from;
    else if (previous) from = previous.until;
    else if (this.current.layout === 'sequence')
      throw new Fault('constraint', 'The file would hold nothing, and then it is none');
    await this.change({ from, until, content: Buffer.alloc(0) }, digest);
    return true;
  }

  async add(relation: TableRelation, key: readonly Cell[], cells: Cells): Promise<void> {
    const { place, last, size, escaped, digest } = await this.search(relation, key);
    if (place) throw new Fault('duplicate', 'There is a row of that key already');
    if (this.current.kind === 'csv') {
      // Without a record the header shows how records are written.
      const text = likeRecord(last!.text, this.current.header.length, this.byPlace(relation, cells));
      await this.change(await this.line(text, last, size), digest);
      return;
    }
    const leaves = Object.entries(cells).flatMap(([name, cell]) =>
      cell === null ? [] : [{ path: this.pathOf(relation, name), cell }],
    );
    const kinds = await this.kindsOf(leaves.map(({ path }) => path));
    const text = likeDocument(
      last?.text,
      leaves.map((leaf, i) => ({ ...leaf, kind: kinds[i] })),
      escaped,
    );
    if (this.isLines) {
      await this.change(await this.line(text, last, size), digest);
      return;
    }
    const at = last ? last.until : await this.arrayBegin();
    const gap = last ? this.gapBefore(last) : '';
    await this.change({ from: at, until: at, content: this.encoded(gap + text) }, digest);
  }

  /** Lets the changes take the place of the file, if it still is what they were made from. */
  async keep(): Promise<void> {
    const { copy } = this;
    if (!copy) return;
    await copy.flush();
    wanted(this.call);
    if (!(await this.lock.isHeld())) throw this.changed();
    if ((await digestOf(this.path, this.call)) !== this.digest) throw this.changed();
    if ((await versionOf(this.original.path)) !== this.original.version) throw this.changed();
    await copy.replace();
    this.copy = undefined;
    await flushFolder(this.path).catch((cause: unknown) => {
      throw new Fault('in-doubt', 'The disk did not say whether it keeps the change', {}, { cause });
    });
  }

  async close(): Promise<void> {
    await this.copy?.remove();
    await this.lock.release();
  }

  private get isLines(): boolean {
    return this.current.kind === 'csv' || this.current.layout === 'lines';
  }

  private chunks(): AsyncGenerator<Buffer> {
    return digested(this.current.path, this.call).chunks;
  }

  private async *records(chunks: AsyncGenerator<Buffer>): AsyncGenerator<readonly StoredRecord[]> {
    try {
      yield* this.current.kind === 'csv'
        ? csvRecords(chunks, this.current.encoding)
        : jsonRecords(chunks, this.current.layout);
      // What comes behind an array.
      for await (const _ of chunks);
    } finally {
      await chunks.return(undefined);
    }
  }

  /** Looks through the file for the record of a key. */
  private async search(relation: TableRelation, key: readonly Cell[]): Promise<Searched> {
    const name = JSON.stringify([
      relation.key.map((column) => this.pathOf(relation, column)),
      key.map((cell) => rawKey(cell)),
    ]);
    if (this.searched?.name === name) return this.searched.found;
    const file = digested(this.current.path, this.call);
    const matches = this.matching(relation, key);
    const isJson = this.current.kind === 'json';
    let place: { record: StoredRecord; previous: StoredRecord | undefined; next: StoredRecord | undefined } | undefined;
    let [previous, isHeader, ascii, escapes] = [
      undefined as StoredRecord | undefined,
      this.current.kind === 'csv',
      true,
      false,
    ];
    const look = (record: StoredRecord) => {
      if (!isHeader && matches(record)) {
        if (place) throw new Fault('duplicate-key', 'Several rows have that key: which is meant cannot be told');
        place = { record, previous, next: undefined };
      } else if (place && place.next === undefined && previous === place.record) place.next = record;
      if (isJson) {
        ascii &&= !/[\u0080-\uffff]/.test(record.text);
        escapes ||= /\\u(?!00[0-7])/i.test(record.text);
      }
      [previous, isHeader] = [record, false];
    };
    for await (const records of this.records(file.chunks)) records.forEach(look);
    const found = { place, last: previous, digest: file.digest(), size: file.size(), escaped: ascii && escapes };
    this.searched = { name, found };
    return found;
  }

  private matching(relation: TableRelation, key: readonly Cell[]): (record: StoredRecord) => boolean {
    const wanted = key.map(rawKey);
    if (wanted.includes(null)) return () => false;
    const cells = this.cells(relation, relation.key);
    // What holds a text holds its letters, but for those that are written otherwise.
    const [first] = key;
    const part = typeof first === 'string' && !/["\\]/.test(first) ? first : undefined;
    const escapes = this.current.kind === 'json';
    return ({ text }) => {
      if (part !== undefined && !text.includes(part) && !(escapes && text.includes('\\'))) return false;
      return cells(text).every((cell, i) => rawKey(cell) === wanted[i]);
    };
  }

  private holds(relation: TableRelation, record: StoredRecord, before: Cells): boolean {
    const held = Object.entries(before).filter(([, cell]) => typeof cell !== 'object' || cell === null);
    const cells = this.cells(
      relation,
      held.map(([name]) => name),
    )(record.text);
    return held.every(([, cell], i) => {
      const now = cells[i]!;
      return (
        now === cell ||
        (now !== null && typeof now !== 'object' && cell !== null && rawKey(now) === rawKey(cell)) ||
        (cell === null && typeof now === 'object')
      );
    });
  }

  /** The cells of a record, as they are read. */
  private cells(relation: TableRelation, names: readonly string[]): (text: string) => readonly Cell[] {
    if (this.current.kind === 'csv') {
      const places = names.map((name) => this.placeOf(relation, name));
      return (text) => {
        const fields = csvFields(text);
        return places.map((at) => fields[at]?.text || null);
      };
    }
    const paths = names.map((name) => this.pathOf(relation, name));
    return (text) => {
      const document = parseDocument(text);
      return paths.map((path) => cellAt(document, path));
    };
  }

  private pathOf(relation: TableRelation, name: string): readonly string[] {
    const column = relation.columns[name];
    if (!column) throw missing(relation, name);
    return column.path;
  }

  private placeOf(relation: TableRelation, name: string): number {
    const path = this.pathOf(relation, name);
    const at = path.length === 1 ? this.current.header.indexOf(path[0]!) : -1;
    if (at < 0) throw missing(relation, path.join('.'));
    return at;
  }

  private byPlace(relation: TableRelation, cells: Cells): ReadonlyMap<number, Cell> {
    return new Map(Object.entries(cells).map(([name, cell]) => [this.placeOf(relation, name), cell]));
  }

  private async editedDocument(relation: TableRelation, text: string, cells: Cells, escaped: boolean): Promise<string> {
    const leaves = Object.entries(cells).map(([name, cell]) => ({ path: this.pathOf(relation, name), cell }));
    const unknown = leaves.filter(({ path, cell }) => {
      const kind = cell === null ? 'null' : kindAt(text, path);
      return cell !== null && (kind === undefined || kind === 'null');
    });
    const kinds = await this.kindsOf(unknown.map(({ path }) => path));
    const style = styleOf(text, escaped);
    return leaves.reduce((edited, leaf) => {
      return withCell(edited, leaf.path, leaf.cell, kinds[unknown.indexOf(leaf)], style);
    }, text);
  }

  /** The kinds of value that documents have at some paths, as far as one has any. */
  private async kindsOf(paths: readonly (readonly string[])[]): Promise<readonly (JsonKind | undefined)[]> {
    const kinds: (JsonKind | undefined)[] = paths.map(() => undefined);
    if (paths.length === 0) return kinds;
    for await (const records of this.records(this.chunks())) {
      for (const { text } of records) {
        for (const [i, path] of paths.entries()) {
          if (kinds[i] !== undefined) continue;
          const kind = kindAt(text, path);
          if (kind !== 'null') kinds[i] = kind;
        }
        if (kinds.every((kind) => kind !== undefined)) return kinds;
      }
    }
    return kinds;
  }

  /** A new line at the end of the file, which ends as it did before. */
  private async line(text: string, last: StoredRecord | undefined, size: number): Promise<Splice> {
    const ends = last === undefined || last.lineUntil > last.until;
    const lineEnd = await this.lineEnd();
    return { from: size, until: size, content: this.encoded(ends ? text + lineEnd : lineEnd + text) };
  }

  private async lineEnd(): Promise<string> {
    for await (const [first] of this.records(this.chunks())) {
      const { until, lineUntil } = first!;
      const units = (lineUntil - until) / (this.current.encoding === 'utf16le' ? 2 : 1);
      return units === 2 ? '\r\n' : '\n';
    }
    return '\n';
  }

  private async arrayBegin(): Promise<number> {
    const chunks = this.chunks();
    try {
      return await arrayBegin(chunks);
    } finally {
      await chunks.return(undefined);
    }
  }

  /** What stands between documents. */
  private gapBefore(last: StoredRecord): string {
    if (this.current.layout === 'sequence') return last.gap.includes('\n') ? last.gap : `\n${last.gap}`;
    return last.gap.includes(',') ? last.gap : `,${last.gap}`;
  }

  private encoded(text: string): Buffer {
    return encoded(text, this.current.encoding);
  }

  private async change(splice: Splice, digest: string): Promise<void> {
    const { size } = await stat(this.current.path);
    if (splice.until > size) throw this.changed();
    const copy = await ReplacedFile.copy(this.path, this.current.path, splice, this.call);
    await this.copy?.remove();
    this.copy = copy;
    if (copy.digest !== digest) throw this.changed();
    this.digest ??= copy.digest;
    this.current = await this.folder.openCopy(this.original, copy.path);
    this.searched = undefined;
    if (this.call.signal.aborted) throw unwantedFault(this.call);
  }

  private changed(): Fault {
    return new Fault('source-changed', `File ${this.original.stem} was changed by somebody else at the same moment`);
  }
}

function missing(relation: TableRelation, column: string): Fault {
  return new Fault('source-schema', `Column ${column} of table ${relation.name} does not exist`);
}
