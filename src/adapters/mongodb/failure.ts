import { Fault, type SourceFaultCode } from '../../errors/fault.js';

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
