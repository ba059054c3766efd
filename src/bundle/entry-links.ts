import type { Resource } from '@medplum/fhirtypes';
import { Fault } from '../errors/fault.js';
import { mapPrimitives } from '../fhir/map-primitives.js';
import { mapNarrativeLinks } from './narrative-links.js';

/** What an entry's resource is on this server. The version is known when it is written. */
export interface LinkTarget {
  readonly type: string;
  readonly id: string;
  readonly version?: string;
}

/** Where a resource stands while its links are read. */
export interface LinkPlace {
  /** Of its own entry. */
  readonly fullUrl: string | undefined;
  /** `Bundle.entry[3].resource` */
  readonly at: string;
  readonly baseUrl: string;
}

/**
 * The types whose values "Servers SHALL replace" beside references and the links of narratives
 * (https://hl7.org/fhir/R4/http.html#trules); canonical is none of them.
 */
const linkTypes = new Set(['uri', 'url', 'oid', 'uuid']);

/**
 * A resource whose links to entries of the Bundle are links to resources of this server: `Patient/1`, and where the link was to
 * a version, `Patient/1/_history/2`. Others stay as they are. The resource that is given does not change.
 * @param targets by fullUrl
 * @throws {Fault} `unprocessable`: a link to a version of an entry whose version is not known
 */
export function withLinks<R extends Resource>(
  resource: R,
  place: LinkPlace,
  targets: ReadonlyMap<string, LinkTarget>,
): R {
  return mapLinks(resource, place, (link, at) => {
    const target = targets.get(link.fullUrl);
    if (!target) return undefined;
    const plain = `${target.type}/${target.id}`;
    if (!link.versioned) return plain + link.fragment;
    if (target.version === undefined)
      throw new Fault('unprocessable', 'The link is to a version that is not known before it is written.', {
        expression: at(),
      });
    return `${plain}/_history/${target.version}${link.fragment}`;
  });
}

/** The fullUrls, of those that are asked for, that a resource links to. */
export function linksTo(resource: Resource, place: LinkPlace, fullUrls: ReadonlySet<string>): ReadonlySet<string> {
  const found = new Set<string>();
  mapLinks(resource, place, ({ fullUrl }) => {
    if (fullUrls.has(fullUrl)) found.add(fullUrl);
    return undefined;
  });
  return found;
}

interface Link {
  /** The absolute URL that it names, without version and fragment. */
  readonly fullUrl: string;
  readonly versioned: boolean;
  /** With its `#`, or ''. */
  readonly fragment: string;
}

type Change = (link: Link, at: () => string) => string | undefined;

function mapLinks<R extends Resource>(resource: R, place: LinkPlace, change: Change): R {
  const changed = (text: string, at: () => string) => {
    const link = readLink(text, place);
    return (link && change(link, at)) ?? text;
  };
  return mapPrimitives(resource, place.at, ({ value, element, owner, at }) => {
    if (typeof value !== 'string') return value;
    if (element.type === 'xhtml') return mapNarrativeLinks(value, (link) => changed(link, at));
    const isLink = linkTypes.has(element.type) || (owner === 'Reference' && element.name === 'reference');
    return isLink ? changed(value, at) : value;
  });
}

const parts = /^([^#]+?)(\/_history\/[A-Za-z0-9.-]{1,64})?(#.*)?$/;
const absolute = /^[a-z][a-z0-9+.-]*:/i;
const literal = /^[A-Z][A-Za-z]*\/[A-Za-z0-9.-]{1,64}$/;
const restful = /^(https?:\/\/.+\/)[A-Z][A-Za-z]*\/[A-Za-z0-9.-]{1,64}$/;

/** https://hl7.org/fhir/R4/bundle.html#references: a relative reference is below the base of its own entry's fullUrl. */
function readLink(text: string, { fullUrl, baseUrl }: LinkPlace): Link | undefined {
  const [, name, version, fragment = ''] = parts.exec(text) ?? [];
  if (name === undefined) return undefined;
  const link = { versioned: version !== undefined, fragment };
  if (absolute.test(name)) return { ...link, fullUrl: name };
  if (!literal.test(name)) return undefined;
  return { ...link, fullUrl: `${restful.exec(fullUrl ?? '')?.[1] ?? `${baseUrl}/`}${name}` };
}
