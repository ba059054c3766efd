import { createHash } from 'node:crypto';
import type { Bundle, BundleEntry, BundleLink, Resource } from '@medplum/fhirtypes';
import { type Issue, isSourceFaultCode } from '../errors/fault.js';
import { outcome } from '../errors/outcome.js';
import type { Page } from '../execution/engine.js';
import { type Subset, subset } from './subset.js';

export interface SearchsetInput {
  readonly baseUrl: string;
  readonly type: string;
  /** The parameters as they were applied, without `_cursor`: what every link repeats. */
  readonly parameters: string;
  /** The sealed cursor that this page was asked by. */
  readonly cursor?: string | undefined;
  readonly page: Page;
  readonly subset: Subset;
  /** Only the number of matches was asked for. */
  readonly onlyTotal: boolean;
}

/** A page of matches as a Bundle of type searchset. https://hl7.org/fhir/R4/http.html#search, bundle.html#searchset */
export function searchset({
  baseUrl,
  type,
  parameters,
  cursor,
  page,
  subset: asked,
  onlyTotal,
}: SearchsetInput): Bundle {
  const url = (sealed?: string) => {
    const pairs = [parameters, ...(sealed === undefined ? [] : [`_cursor=${sealed}`])].filter((pair) => pair !== '');
    return `${baseUrl}/${type}${pairs.length > 0 ? `?${pairs.join('&')}` : ''}`;
  };
  const link: BundleLink[] = [{ relation: 'self', url: url(cursor) }];
  if (cursor !== undefined) link.push({ relation: 'first', url: url() });
  if (page.next !== undefined && !onlyTotal) link.push({ relation: 'next', url: url(page.next) });

  const entry: BundleEntry[] = [];
  if (!onlyTotal) {
    for (const resource of page.matches) entry.push(resourceEntry(baseUrl, subset(resource, asked), 'match'));
    // `_elements` does not apply to included resources (https://hl7.org/fhir/R4/search.html#elements).
    for (const resource of page.included)
      entry.push(resourceEntry(baseUrl, subset(resource, { ...asked, elements: [] }), 'include'));
  }
  if (page.issues.length > 0) entry.push(outcomeEntry(page.issues));
  return {
    resourceType: 'Bundle',
    type: 'searchset',
    ...(page.total !== undefined && { total: page.total }),
    link,
    ...(entry.length > 0 && { entry }),
  };
}

function resourceEntry(baseUrl: string, resource: Resource, mode: 'match' | 'include'): BundleEntry {
  return { fullUrl: `${baseUrl}/${resource.resourceType}/${resource.id}`, resource, search: { mode } };
}

/** One entry holds every issue; in a success none is an error (https://hl7.org/fhir/R4/search.html#errors). */
function outcomeEntry(issues: readonly Issue[]): BundleEntry {
  const resource = outcome(
    withIncomplete(issues).map((issue) => (issue.severity === 'error' ? { ...issue, severity: 'warning' } : issue)),
  );
  return { fullUrl: `urn:uuid:${contentUuid(JSON.stringify(resource))}`, resource, search: { mode: 'outcome' } };
}

/** A source that did not answer also makes the answer `incomplete`, which is the code of R4 for just that. */
function withIncomplete(issues: readonly Issue[]): readonly Issue[] {
  const said = new Set(issues.filter(({ code }) => code === 'incomplete').map(({ place }) => place.source));
  const missing = new Set(
    issues
      .filter(({ code, place }) => isSourceFaultCode(code) && !said.has(place.source))
      .map(({ place }) => place.source),
  );
  return [
    ...issues,
    ...[...missing].map(
      (source): Issue => ({
        severity: 'warning',
        code: 'incomplete',
        message: `What ${source ?? 'a source'} holds is not in this answer.`,
        place: source === undefined ? {} : { source },
      }),
    ),
  ];
}

/** A name-based UUID (RFC 9562 section 5.5): the same outcome has the same one. */
function contentUuid(text: string): string {
  const bytes = createHash('sha1').update(text).digest().subarray(0, 16);
  bytes[6] = (bytes[6]! & 0x0f) | 0x50;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  return bytes.toString('hex').replace(/(.{8})(.{4})(.{4})(.{4})(.{12})/, '$1-$2-$3-$4-$5');
}
