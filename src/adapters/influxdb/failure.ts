import { Fault, type SourceFaultCode } from '../../errors/fault.js';

const meanings: readonly (readonly [RegExp, SourceFaultCode, string])[] = [
  [/timeout|killed|interrupted/i, 'source-timeout', 'did not answer in time'],
  [/authorization|authentication|unauthorized|credentials/i, 'source-unavailable', 'refuses the credentials'],
  [/database not found|database is required|bucket.*not found/i, 'source-schema', 'has no such database'],
  [/max-|too many|limit exceeded/i, 'source-busy', 'is too busy'],
];

/** What InfluxDB's own words of a failed query mean; they may tell the query, so they stay in `cause`. */
export function queryFault(words: string, source: string): Fault {
  const meaning = meanings.find(([pattern]) => pattern.test(words));
  const [, code, what] = meaning ?? [undefined, 'source-unavailable' as const, 'failed'];
  return new Fault(code, `Source ${source} ${what}`, { source }, { cause: words });
}

export function statusFault(status: number, words: string, source: string): Fault {
  const fault = (code: SourceFaultCode, what: string) =>
    new Fault(code, `Source ${source} ${what}`, { source }, { cause: words });
  if (status === 401 || status === 403) return fault('source-unavailable', 'refuses the credentials');
  if (status === 429 || status === 503) return fault('source-busy', 'is too busy');
  if (status === 404) return fault('source-schema', 'has no such database');
  if (status === 400) return queryFault(words, source);
  return fault('source-unavailable', 'failed');
}

export function corrupt(source: string): Fault {
  return new Fault('source-corrupt', `Source ${source} answers with what is not InfluxDB's JSON`, { source });
}

export function unreachable(error: unknown, source: string): Fault {
  return new Fault('source-unavailable', `Source ${source} cannot be reached`, { source }, { cause: error });
}

/** Why points were not kept. */
export function writeFault(status: number, words: string, source: string): Fault {
  const refused =
    status === 413 || (status === 400 && /partial write|field type conflict|unable to parse|max/i.test(words));
  if (refused)
    return new Fault('constraint', `Source ${source} does not keep such a point`, { source }, { cause: words });
  if (/no space left|disk full/i.test(words))
    return new Fault('source-unavailable', 'The source has no room left', { source }, { cause: words });
  if (status === 401 || status === 403)
    return new Fault(
      'source-unavailable',
      `Source ${source} cannot be written with these credentials`,
      { source },
      { cause: words },
    );
  return statusFault(status, words, source);
}
