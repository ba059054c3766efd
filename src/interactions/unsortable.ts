import { Fault } from '../errors/fault.js';
import type { TypeCapability } from '../execution/engine.js';
import type { Query } from '../query/query.js';
import type { FhirRequest } from './fhir-request.js';

/**
 * A sort key that no source can answer is refused, or under lenient handling left out and reported.
 * @throws {Fault} `invalid-value`
 */
export function withoutUnsortable(query: Query, { sortable }: TypeCapability, handling: FhirRequest['handling']) {
  const unsortable = query.sort.map(({ parameter }) => parameter.code).filter((code) => !sortable.has(code));
  if (unsortable.length === 0) return { query, unsortable };
  if (handling !== 'lenient') {
    const valid = [...sortable].sort().join(', ');
    throw new Fault('invalid-value', `${query.type} cannot be sorted by "${unsortable[0]}". Valid: ${valid}`, {
      expression: 'http._sort',
    });
  }
  return {
    query: { ...query, sort: query.sort.filter(({ parameter }) => sortable.has(parameter.code)) },
    unsortable: unsortable.map((code) => `_sort=${code}`),
  };
}
