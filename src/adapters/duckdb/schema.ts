import { type FileHandle, open, readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { Fault } from '../../errors/fault.js';
import { csvHeader } from './csv-header.js';
import { literal } from './expression-sql.js';

/** A file as it lay there when it was opened: how DuckDB reads it, and what says that it is still the same. */
export interface OpenFile {
  readonly stem: string;
  readonly path: string;
  readonly kind: 'csv' | 'json';
  readonly version: string;
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

  private async read(stem: string): Promise<OpenFile> {
    if (stem === basename(stem) && !stem.includes('\0')) {
      for (const extension of extensions) {
        const path = join(this.path, stem + extension);
        const version = await versionOf(path);
        if (version !== undefined) return this.look(stem, path, extension, version);
      }
    }
    throw this.unavailable(stem, 'is not there');
  }

  private async look(stem: string, path: string, extension: Extension, version: string): Promise<OpenFile> {
    let handle: FileHandle | undefined;
    try {
      handle = await open(path);
      if (kinds[extension] === 'json') {
        const from = await this.documents(handle, path, extension, stem);
        return { stem, path, version, kind: 'json', header: [], marks: false, from };
      }
      const header = await csvHeader(handle, this.encoding.node);
      if (!header || new Set(header).size !== header.length)
        throw this.corrupt(stem, 'has no header of distinct column names');
      const from = this.table(path, header, (await handle.stat()).size);
      return { stem, path, version, kind: 'csv', header, marks: await this.marks(handle), from };
    } catch (cause) {
      throw cause instanceof Fault ? cause : this.unavailable(stem, 'cannot be read', cause);
    } finally {
      await handle?.close();
    }
  }

  /** Every value is text; strict, so that a cut or unbalanced record is an error. */
  private table(path: string, header: readonly string[], size: number): string {
    const columns = header.map((_, i) => `'c${i}': 'VARCHAR'`).join(', ');
    return (
      `read_csv(${pathLiteral(path)}, columns = {${columns}}, auto_detect = false, header = true, delim = ',', quote = '"', escape = '"', ` +
      `strict_mode = true, encoding = '${this.encoding.duckdb}', max_line_size = ${enough(size, 2 ** 21)}, buffer_size = ${enough(size, 2 ** 23)})`
    );
  }

  private marks(handle: FileHandle): boolean | Promise<boolean> {
    if (this.encoding.node === 'utf8') return holds(handle, Buffer.from('\ufeff'), 3);
    return this.encoding.node === 'utf16le';
  }

  /** Documents as they are written: an array of them, or one after the other. DuckDB does not miss the end of an array. */
  private async documents(handle: FileHandle, path: string, extension: Extension, stem: string): Promise<string> {
    const { size } = await handle.stat();
    const [first, last] = [await character(handle, 0, size), await character(handle, size, size)];
    if (first === '[' && last !== ']') throw this.corrupt(stem, 'ends within an array');
    if (extension === '.json' && first === undefined) throw this.corrupt(stem, 'is empty');
    const format = first === '[' ? 'array' : extension === '.json' ? 'unstructured' : 'newline_delimited';
    return `read_json_objects(${pathLiteral(path)}, format = '${format}', maximum_object_size = ${enough(size, 2 ** 23)})`;
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
async function versionOf(path: string): Promise<string | undefined> {
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

/** Do the bytes lie in the file, from a position on? */
async function holds(handle: FileHandle, bytes: Buffer, from: number): Promise<boolean> {
  const buffer = Buffer.alloc(2 ** 18);
  for (let position = from; ; position += buffer.length - bytes.length + 1) {
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, position);
    if (buffer.subarray(0, bytesRead).includes(bytes)) return true;
    if (bytesRead < buffer.length) return false;
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
