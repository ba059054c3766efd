import type { Resource } from '@medplum/fhirtypes';
import type { Caller } from '../access/caller.js';
import { restrict } from '../access/restrict.js';
import { Fault } from '../errors/fault.js';
import { acrossLinks } from '../search/across-links.js';
import { parse } from '../search/parse.js';
import type { FhirRequest, Pair } from './fhir-request.js';
import type { Dependencies } from './interaction.js';

/**
 * The resources that meet the criteria of a conditional interaction, two at most: one too many is as good as many
 * (https://hl7.org/fhir/R4/http.html#cond-update). A source that does not answer may hold one: then nobody knows, and it fails.
 * @throws {Fault} `invalid-value` without criteria, and what a strict search throws
 */
export async function matching(
  type: string,
  criteria: readonly Pair[],
  { signal }: Pick<FhirRequest, 'signal'>,
  caller: Caller,
  { engine, baseUrl, now: clock }: Dependencies,
): Promise<readonly Resource[]> {
  const asked = criteria.filter(([name, value]) => value !== '' && !isResult(name));
  if (asked.length === 0 || asked.length < criteria.length)
    throw new Fault('invalid-value', 'A conditional interaction is given search criteria, and nothing else.', {
      expression: 'http.query',
    });
  const now = clock();
  const { query } = parse(type, asked, {
    baseUrl,
    now,
    maxCount: 2,
    defaultCount: 2,
    handling: 'strict',
    supported: (of) => engine.types.get(of)?.parameters ?? new Map(),
    leadsTo: (of, code) => engine.types.get(of)?.targets.get(code) ?? [],
  });
  const { query: linked } = acrossLinks(query, engine.links);
  const { matches, issues } = await engine.search(restrict(linked, caller), { signal, strict: true, now });
  const doubt = issues.find(({ code }) => code !== 'linked' && code !== 'undecodable');
  if (doubt) throw new Fault('incomplete', `Whether there is a match cannot be told: ${doubt.message}`, doubt.place);
  return matches;
}

/** https://hl7.org/fhir/R4/search.html#return: what shapes an answer is no criterion. */
function isResult(name: string): boolean {
  return /^_(sort|count|include|revinclude|summary|total|elements|contained|containedType|cursor)\b/.test(name);
}

export function tooMany(type: string): Fault {
  return new Fault('multiple-matches', `More than one ${type} meets the criteria. Nothing was written.`, {
    expression: 'http.query',
  });
}
