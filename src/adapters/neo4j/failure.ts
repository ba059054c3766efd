import { Fault, type FaultCode, type SourceFaultCode } from '../../errors/fault.js';

const meanings: readonly (readonly [RegExp, SourceFaultCode, string])[] = [
  [/TransactionTimedOut|LockAcquisitionTimeout/, 'source-timeout', 'did not answer in time'],
  [/Terminated/, 'source-timeout', 'ended the query'],
  [/^Neo\.ClientError\.Security|Unauthorized|AuthenticationRateLimit/, 'source-unavailable', 'refuses the credentials'],
  [/DatabaseNotFound/, 'source-schema', 'has no such database'],
  [/DatabaseUnavailable|NotALeader|ServiceUnavailable|SessionExpired/, 'source-unavailable', 'cannot be reached'],
  [/^Neo\.TransientError|OutOfMemory/, 'source-busy', 'is too busy'],
  // What is no answer of any version of Bolt has no code, or the driver stumbles over it.
  [/ProtocolError|PackStream|^N\/A$|^(Range|Type)Error$/, 'source-corrupt', 'answers with what is not Bolt'],
];

/** What an error of the driver means. Its words tell the statement, so they stay in `cause`. */
export function sourceFault(error: unknown, source: string): Fault {
  const { code, message, name } = (error ?? {}) as Readonly<Record<'code' | 'message' | 'name', unknown>>;
  const place = { source };
  if (/acquisition timed out/i.test(String(message)))
    return new Fault('source-busy', `Source ${source} has too many requests waiting`, place, { cause: error });
  const meaning = meanings.find(([pattern]) => pattern.test(String(name === 'Neo4jError' ? code : name)));
  if (!meaning) return new Fault('exception', `Source ${source} failed`, place, { cause: error });
  return new Fault(meaning[1], `Source ${source} ${meaning[2]}`, place, { cause: error });
}

const writeMeanings: readonly (readonly [RegExp, FaultCode, string])[] = [
  [/ConstraintValidationFailed.* already exists /s, 'duplicate', 'has one like it already'],
  [/ConstraintValidationFailed/, 'constraint', 'refuses the values by its own rules'],
  [/no space left|disk is full/i, 'source-unavailable', 'has no room left'],
  [/Forbidden|ReadOnly|AccessMode/, 'source-unavailable', 'cannot be written'],
  [/^Neo\.ClientError\.Statement|too large to index/, 'constraint', 'refuses the values'],
  [/^Neo\.TransientError\.Transaction\.(?!Terminated)/, 'source-busy', 'was changed by another at the same moment'],
];

/** What a failure of a write means. */
export function writeFault(error: unknown, source: string): Fault {
  const { code, message } = (error ?? {}) as Readonly<Record<'code' | 'message', unknown>>;
  const timedOut = /TimedOut|LockAcquisitionTimeout/.test(String(code));
  const said = `${code} ${message}`;
  const meaning = timedOut ? undefined : writeMeanings.find(([pattern]) => pattern.test(said));
  if (!meaning) return sourceFault(error, source);
  return new Fault(meaning[1], `Source ${source} ${meaning[2]}`, { source }, { cause: error });
}
