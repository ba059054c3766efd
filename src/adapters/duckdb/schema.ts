import { type FileHandle, open, readdir, stat } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { Fault } from '../../errors/fault.js';
import { csvHeader } from './csv-header.js';
import { literal } from './expression-sql.js';
import type { JsonLayout } from './json-records.js';

/** A file as it lay there when it was opened: how DuckDB reads it, and what says that it is still the same. */
export interface OpenFile {
  readonly stem: string;
  readonly path: string;
  readonly kind: 'csv' | 'json';
  readonly version: string;
  /** Of a CSV file. */
  readonly encoding: BufferEncoding;
  /** Of documents. */
  readonly layout: JsonLayout;
  /** Names of the columns of a CSV file, in their order; empty for documents. */
  readonly header: readonly string[];
  /** May a CSV field begin with a byte order mark? */
  readonly marks: boolean;
  /** The table function that reads it: columns `c0`, `c1` ... of text, or one column `json`. */
  readonly from: string;
}

const kinds = { '.csv': 'csv', '.json': 'json', '.ndjson': 'json', '.jsonl': 'json' } as const;
type Extension = keyof typeof kinds;
const extensions = Object.keys(kinds) as Extension[];

/** DuckDB's own names; it reads other encodings only with an extension that it would have to download. */
const encodings: Readonly<Record<string, { readonly duckdb: string; readonly node: BufferEncoding }>> = {
  'utf-8': { duckdb: 'utf-8', node: 'utf8' },
  utf8: { duckdb: 'utf-8', node: 'utf8' },
  'latin-1': { duckdb: 'latin-1', node: 'latin1' },
  latin1: { duckdb: 'latin-1', node: 'latin1' },
  'iso-8859-1': { duckdb: 'latin-1', node: 'latin1' },
  'utf-16': { duckdb: 'utf-16', node: 'utf16le' },
};

/** The files of a folder, each known by its stem. A file is looked at again at each opening; what is in it is read once per version. */
export class Folder {
  private readonly known = new Map<string, OpenFile>();
  private readonly encoding: { readonly duckdb: string; readonly node: BufferEncoding };

  constructor(
    private readonly path: string,
    private readonly source: string,
    encoding = 'utf-8',
  ) {
    const known = encodings[encoding.toLowerCase()];
    if (!known)
      throw new Fault(
        'configuration',
        `Encoding ${encoding} of source ${source} is not one of ${Object.keys(encodings).join(', ')}`,
      );
    this.encoding = known;
  }

  async stems(): Promise<readonly string[]> {
    const names = await readdir(this.path).catch((cause: unknown) => {
      throw new Fault(
        'source-unavailable',
        `The folder of source ${this.source} cannot be read`,
        { source: this.source },
        { cause },
      );
    });
    const stems = names.flatMap((name) => {
      const extension = extensions.find((end) => name.endsWith(end) && name.length > end.length);
      return extension && !name.startsWith('.') ? [name.slice(0, -extension.length)] : [];
    });
    return [...new Set(stems)].sort();
  }

  /** The file of a stem. Throws `source-unavailable` when there is none, `source-corrupt` when it cannot be what its name says. */
  async open(stem: string): Promise<OpenFile> {
    const known = this.known.get(stem);
    if (known && (await versionOf(known.path)) === known.version) return known;
    const file = await this.read(stem);
    this.known.set(stem, file);
    return file;
  }

  /** Throws `source-changed` when a file is not the one that was opened. */
  async unchanged(files: Iterable<OpenFile>): Promise<void> {
    for (const file of files) {
      if ((await versionOf(file.path)) === file.version) continue;
      throw new Fault('source-changed', `File ${file.stem} changed while it was read`, { source: this.source });
    }
  }

  /** A copy of a file that lies beside it, read in the same way. */
  async openCopy({ stem, path: original }: OpenFile, path: string): Promise<OpenFile> {
    const version = await versionOf(path);
    if (version === undefined) throw this.unavailable(stem, 'cannot be written');
    return this.opened(stem, path, extname(original) as Extension, version);
  }

  private async read(stem: string): Promise<OpenFile> {
    if (stem === basename(stem) && !stem.includes('\0')) {
      for (const extension of extensions) {
        const path = join(this.path, stem + extension);
        const version = await versionOf(path);
        if (version !== undefined) return this.opened(stem, path, extension, version);
      }
    }
    throw this.unavailable(stem, 'is not there');
  }

  private async opened(stem: string, path: string, extension: Extension, version: string): Promise<OpenFile> {
    let handle: FileHandle | undefined;
    try {
      handle = await open(path);
      if (kinds[extension] === 'json') {
        const { from, layout } = await this.documents(handle, path, extension, stem);
        return { stem, path, version, kind: 'json', encoding: 'utf8', layout, header: [], marks: false, from };
      }
      const header = await csvHeader(handle, this.encoding.node);
      if (!header || new Set(header).size !== header.length)
        throw this.corrupt(stem, 'has no header of distinct column names');
      const { marks, lines } = this.encoding.node === 'utf16le' ? { marks: true, lines: true } : await look(handle);
      const from = this.table(path, header, (await handle.stat()).size, !lines);
      return { stem, path, version, kind: 'csv', encoding: this.encoding.node, layout: 'lines', header, marks, from };
    } catch (cause) {
      throw cause instanceof Fault ? cause : this.unavailable(stem, 'cannot be read', cause);
    } finally {
      await handle?.close();
    }
  }

  /**
   * Every value is text; strict, so that a cut or unbalanced record is an error. Several threads guess where a record begins,
   * and may guess wrong where a field holds lines.
   */
  private table(path: string, header: readonly string[], size: number, parallel: boolean): string {
    const columns = header.map((_, i) => `'c${i}': 'VARCHAR'`).join(', ');
    return (
      `read_csv(${pathLiteral(path)}, columns = {${columns}}, auto_detect = false, header = true, delim = ',', quote = '"', escape = '"', ` +
      `strict_mode = true, parallel = ${parallel}, encoding = '${this.encoding.duckdb}', max_line_size = ${enough(size, 2 ** 21)}, buffer_size = ${enough(size, 2 ** 23)})`
    );
  }

  /** Documents as they are written: an array of them, or one after the other. DuckDB does not miss the end of an array. */
  private async documents(
    handle: FileHandle,
    path: string,
    extension: Extension,
    stem: string,
  ): Promise<Pick<OpenFile, 'from' | 'layout'>> {
    const { size } = await handle.stat();
    const [first, last] = [await character(handle, 0, size), await character(handle, size, size)];
    if (first === '[' && last !== ']') throw this.corrupt(stem, 'ends within an array');
    if (extension === '.json' && first === undefined) throw this.corrupt(stem, 'is empty');
    if (first !== '[' && extension !== '.json') return { from: this.lines(path, size), layout: 'lines' };
    const format = first === '[' ? 'array' : 'unstructured';
    const from = `read_json_objects(${pathLiteral(path)}, format = '${format}', maximum_object_size = ${enough(size, 2 ** 22)})`;
    return { from, layout: first === '[' ? 'array' : 'sequence' };
  }

  /** One document in each line, read as one field: no text within JSON holds the delimiter. */
  private lines(path: string, size: number): string {
    return (
      `read_csv(${pathLiteral(path)}, columns = {'json': 'VARCHAR'}, auto_detect = false, header = false, delim = '\x01', quote = '', ` +
      `escape = '', strict_mode = false, max_line_size = ${enough(size, 2 ** 22)}, buffer_size = ${enough(size, 2 ** 23)})`
    );
  }

  private corrupt(stem: string, why: string): Fault {
    return new Fault('source-corrupt', `File ${stem} ${why}`, { source: this.source });
  }

  private unavailable(stem: string, why: string, cause?: unknown): Fault {
    return new Fault(
      'source-unavailable',
      `File ${stem} of source ${this.source} ${why}`,
      { source: this.source },
      { cause },
    );
  }
}

/** Size, time and identity of a file; undefined when it is not there. */
export async function versionOf(path: string): Promise<string | undefined> {
  const stats = await stat(path, { bigint: true }).catch(() => undefined);
  return stats?.isFile() ? `${stats.ino}-${stats.size}-${stats.mtimeNs}-${stats.ctimeNs}` : undefined;
}

/** A power of two that holds the whole file, at most `most`: DuckDB allocates that much, twice for each thread. */
function enough(size: number, most: number): number {
  let bytes = 2 ** 16;
  while (bytes <= size && bytes < most) bytes *= 2;
  return bytes;
}

/** A path is not a pattern: its `*`, `?` and `[` stand for themselves. */
function pathLiteral(path: string): string {
  return literal(path.replace(/[*?[]/g, '[$&]'));
}

/** Does a CSV file hold a byte order mark after its start, and a line end within quotes? */
async function look(handle: FileHandle): Promise<{ readonly marks: boolean; readonly lines: boolean }> {
  const mark = Buffer.from('\ufeff');
  const buffer = Buffer.alloc(2 ** 18);
  let [marks, lines, quoted] = [false, false, false];
  for (let position = 0, kept = 0; ; ) {
    const { bytesRead } = await handle.read(buffer, kept, buffer.length - kept, position);
    const end = kept + bytesRead;
    marks ||= buffer.subarray(0, end).indexOf(mark, position === 0 ? mark.length : 0) >= 0;
    for (let i = kept; i < end && !lines; i++) {
      if (buffer[i] === 0x22) quoted = !quoted;
      else if (quoted && (buffer[i] === 0x0a || buffer[i] === 0x0d)) lines = true;
    }
    if (bytesRead === 0 || (marks && lines)) return { marks, lines };
    position += bytesRead;
    kept = Math.min(mark.length - 1, end);
    buffer.copyWithin(0, end - kept, end);
  }
}

/** The first character that is not white space, from the start (`at` 0) or from the end. */
async function character(handle: FileHandle, at: number, size: number): Promise<string | undefined> {
  const length = 4096;
  const buffer = Buffer.alloc(length);
  for (let position = at === 0 ? 0 : Math.max(0, size - length); ; position += at === 0 ? length : -length) {
    const { bytesRead } = await handle.read(buffer, 0, length, Math.max(0, position));
    const text = buffer
      .toString('latin1', 0, bytesRead)
      .replace(/^\xef\xbb\xbf/, '')
      .trim();
    if (text !== '') return at === 0 ? text[0] : text.at(-1);
    if (bytesRead === 0 || position <= 0 === (at !== 0)) return undefined;
  }
}
