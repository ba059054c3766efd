import { Fault } from '../../errors/fault.js';

const meanings = [
  [/^Out of Memory/i, 'source-busy', 'needs more memory than it may have'],
  [/^IO Error/, 'source-unavailable', 'cannot be read'],
  [
    /^(Invalid Input|Invalid|Conversion|Parser) Error|SyntaxError|not JSON/,
    'source-corrupt',
    'holds a record that cannot be read',
  ],
] as const;

/** What a failure of DuckDB means. Its words tell the path and the row, so they stay in `cause`. */
export function sourceFault(error: unknown, source: string, stems: readonly string[]): Fault {
  const { message, name } = (error ?? {}) as { readonly message?: unknown; readonly name?: unknown };
  const words = `${String(message)}\n${String(name)}`;
  const meaning = meanings.find(([pattern]) => pattern.test(words));
  if (!meaning) return new Fault('exception', `Source ${source} failed`, { source }, { cause: error });
  const [, code, what] = meaning;
  return new Fault(code, `File ${stems.join(' or ')} of source ${source} ${what}`, { source }, { cause: error });
}

/** What it means that a file could not be written. */
export function writeFault(error: unknown, source: string, stem: string): Fault {
  if (error instanceof Fault) return error;
  const { code } = (error ?? {}) as { readonly code?: string };
  const full = code === 'ENOSPC' || code === 'EDQUOT' || code === 'EFBIG';
  const message = full ? 'The source has no room left' : `File ${stem} of source ${source} cannot be written`;
  return new Fault('source-unavailable', message, { source }, { cause: error });
}
