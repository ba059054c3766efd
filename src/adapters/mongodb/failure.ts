import { Fault, type FaultCode, type SourceFaultCode } from '../../errors/fault.js';

/** https://github.com/mongodb/mongo/blob/master/src/mongo/base/error_codes.yml */
const byCode = new Map<number, readonly [SourceFaultCode, string]>([
  [50, ['source-timeout', 'did not answer in time']],
  [202, ['source-timeout', 'did not answer in time']],
  [262, ['source-timeout', 'did not answer in time']],
  [11, ['source-unavailable', 'does not know its user']],
  [13, ['source-unavailable', 'does not allow its user to read']],
  [18, ['source-unavailable', 'does not know its user']],
  [8000, ['source-unavailable', 'does not know its user']],
  [26, ['source-schema', 'has no such collection']],
  [146, ['source-busy', 'needs more memory than it may have']],
  [292, ['source-busy', 'needs more memory than it may have']],
  [43, ['source-changed', 'ended a result before it was read']],
  [175, ['source-changed', 'changed while it was read']],
  [237, ['source-changed', 'ended a result before it was read']],
  [246, ['source-changed', 'changed while it was read']],
]);

const byName: readonly (readonly [RegExp, SourceFaultCode, string])[] = [
  [/^MongoWaitQueueTimeoutError$|^MongoPoolClearedError$/, 'source-busy', 'has no connection to spare'],
  [/Timeout/, 'source-unavailable', 'does not answer'],
  [/^(BSON|MongoParse|MongoUnexpectedServerResponse|RangeError)/, 'source-corrupt', 'sends what cannot be read'],
];

/** What a failure of MongoDB or of its driver means. Its words tell addresses and values, so they stay in `cause`. */
export function sourceFault(error: unknown, source: string): Fault {
  if (error instanceof Fault) return error;
  const { code, name } = (error ?? {}) as { readonly code?: unknown; readonly name?: unknown };
  const known = byCode.get(Number(code)) ?? byName.find(([pattern]) => pattern.test(String(name)))?.slice(1);
  const [meaning, what] = (known ?? ['source-unavailable', 'cannot be reached']) as readonly [SourceFaultCode, string];
  return new Fault(meaning, `Source ${source} ${what}`, { source }, { cause: error });
}

const refused = 'refuses the values';
const changing = 'was changed by another at the same moment';
const cannot = 'cannot be written';
const outOfDiskSpace = 14031;

const writesByCode = new Map<number, readonly [FaultCode, string]>([
  [11000, ['duplicate', 'has one like it already']],
  [11001, ['duplicate', 'has one like it already']],
  [121, ['constraint', 'refuses the values by its own rules']],
  [2, ['constraint', refused]],
  [9, ['constraint', refused]],
  [28, ['constraint', refused]],
  [40, ['constraint', refused]],
  [52, ['constraint', refused]],
  [56, ['constraint', refused]],
  [57, ['constraint', refused]],
  [66, ['constraint', refused]],
  [10334, ['constraint', 'has no room in the document']],
  [17280, ['constraint', refused]],
  [17419, ['constraint', 'has no room in the document']],
  [24, ['source-busy', changing]],
  [112, ['source-busy', changing]],
  [225, ['source-busy', changing]],
  [251, ['source-busy', 'gave up the changes']],
  [290, ['source-busy', 'gave up the changes']],
  [13, ['source-unavailable', cannot]],
  [20, ['source-unavailable', cannot]],
  [166, ['source-unavailable', cannot]],
  [10058, ['source-unavailable', cannot]],
  [10107, ['source-unavailable', cannot]],
  [13435, ['source-unavailable', cannot]],
]);

/** What a failure of a write means. */
export function writeFault(error: unknown, source: string): Fault {
  if (error instanceof Fault) return error;
  const { code, name } = (error ?? {}) as { readonly code?: unknown; readonly name?: unknown };
  // The driver itself refuses a document that is too large, or no BSON.
  if (code === 'ERR_OUT_OF_RANGE' || /^(BSON|RangeError|MongoInvalidArgument)/.test(String(name)))
    return new Fault('constraint', `Source ${source} ${refused}`, { source }, { cause: error });
  if (Number(code) === outOfDiskSpace)
    return new Fault('source-unavailable', 'The source has no room left', { source }, { cause: error });
  const known = writesByCode.get(Number(code));
  if (!known) return sourceFault(error, source);
  return new Fault(known[0], `Source ${source} ${known[1]}`, { source }, { cause: error });
}
