import { TextFile } from './text-file.js';

export type Cell = string | number | null;

/** A CSV file (RFC 4180, lines ended by LF as pandas ends them), written row by row; null is the empty cell. */
export function* writeCsv(path: string, header: readonly string[], rows: Iterable<readonly Cell[]>): Generator<void> {
  const file = new TextFile(path);
  try {
    file.write(`${header.join(',')}\n`);
    for (const row of rows) {
      file.write(`${row.map(quoted).join(',')}\n`);
      yield;
    }
  } finally {
    file.close();
  }
}

function quoted(cell: Cell): string {
  if (cell === null) return '';
  const text = String(cell);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
