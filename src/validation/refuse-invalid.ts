import { Fault } from '../errors/fault.js';
import { validate } from './validate.js';

/**
 * Refuses a resource that breaks the rules of R4, before a source is touched. A profile that it claims and that is not known is
 * left to the mapping, which keeps it or refuses it.
 * @throws {Fault} `invalid-resource`, with an issue for each rule that it breaks
 */
export function refuseInvalid(resource: unknown): void {
  const errors = validate(resource, { warnings: false, unknownProfiles: 'warning' }).filter(
    ({ severity }) => severity === 'error',
  );
  const [first] = errors;
  if (!first) return;
  throw new Fault(
    'invalid-resource',
    first.message,
    { expression: first.expression },
    {
      issues: errors.map(({ message, expression }) => ({
        severity: 'error',
        code: 'invalid-resource',
        message,
        place: { expression },
      })),
    },
  );
}
