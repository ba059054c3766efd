import { Fault } from '../errors/fault.js';

/** https://hl7.org/fhir/R4/http.html#mime-type */
export const fhirJson = 'application/fhir+json';

/** What CapabilityStatement.format says, and nothing that is not served. */
export const formats: readonly string[] = [fhirJson, 'json'];

const jsonTypes = new Set([fhirJson, 'application/json', 'text/json']);
const ranges = new Set([...jsonTypes, '*/*', 'application/*', 'text/*']);
/** The MIME parameter of R4 (https://hl7.org/fhir/R4/http.html#version-parameter). */
const versions = new Set(['4.0', '4.0.1']);

/**
 * Checks that JSON of R4 is wanted: `_format` decides over `Accept`.
 * @throws {Fault} `not-acceptable`
 */
export function negotiate(accept: string | undefined, format: string | undefined): void {
  if (format !== undefined) {
    // A raw `+` of `application/fhir+json` in a query arrives as a space.
    if (format === 'json' || acceptsJson(format.replace(' ', '+'), jsonTypes)) return;
    throw new Fault('not-acceptable', `This server writes ${fhirJson} of FHIR 4.0 only.`, {
      expression: 'http._format',
    });
  }
  if (accept === undefined || accept === '*/*' || accept === fhirJson) return;
  if (!accept.split(',').some((range) => acceptsJson(range, ranges))) {
    throw new Fault('not-acceptable', `This server writes ${fhirJson} of FHIR 4.0 only.`, {
      expression: 'http.Accept',
    });
  }
}

/**
 * Is FHIR JSON asked for in so many words, where the answer may also be bytes as they are
 * (https://hl7.org/fhir/R4/binary.html#rest)? As `negotiate`, where a format of FHIR is asked for that is not written.
 */
export function asksForFhir(accept: string | undefined, format: string | undefined): boolean {
  if (format !== undefined) {
    negotiate(undefined, format);
    return true;
  }
  const ranges = (accept ?? '*/*').split(',').map((range) => ({ range, ...weight(range) }));
  const most = Math.max(...ranges.filter(({ type }) => type !== fhirJson).map(({ q }) => q), 0);
  const json = ranges.find(({ type, range }) => type === fhirJson && acceptsJson(range, jsonTypes));
  if (json) return json.q >= most;
  if (ranges.every(({ type, q }) => q === 0 || type.startsWith('application/fhir+'))) negotiate(accept, undefined);
  return false;
}

function weight(range: string): { readonly type: string; readonly q: number } {
  const [type, ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
  const q = parameters.find((parameter) => /^q\s*=/.test(parameter))?.replace(/^q\s*=\s*/, '');
  return { type: type!, q: q === undefined ? 1 : Number(q) || 0 };
}

function acceptsJson(range: string, among: ReadonlySet<string>): boolean {
  const [type, ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
  if (!among.has(type!)) return false;
  return parameters.every((parameter) => {
    const [name, value = ''] = parameter.split('=').map((part) => part.trim());
    if (name === 'q') return Number(value) > 0;
    if (name === 'fhirversion') return versions.has(unquoted(value));
    return name !== 'charset' || unquoted(value) === 'utf-8';
  });
}

/** Is a media type, without its parameters, one of FHIR's JSON? */
export function isJson(media: string): boolean {
  return jsonTypes.has(media);
}

/** Whether a Content-Type names another FHIR version than R4, or another charset than UTF-8. */
export function isForeign(contentType: string): boolean {
  return contentType
    .split(';')
    .slice(1)
    .some((parameter) => {
      const [name, value = ''] = parameter.split('=').map((part) => part.trim().toLowerCase());
      return (
        (name === 'fhirversion' && !versions.has(unquoted(value))) ||
        (name === 'charset' && unquoted(value) !== 'utf-8')
      );
    });
}

function unquoted(text: string): string {
  return text.replace(/^"(.*)"$/, '$1');
}
