import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { Ajv, type ErrorObject } from 'ajv';
import { parseDocument } from 'yaml';
import { Fault } from '../errors/fault.js';
import type { Configuration, SourceConfiguration } from './configuration.js';
import { isLoopback } from './loopback.js';
import { allowRemoteWords, allowRemoteWritingWords, configurationSchema } from './schema.js';
import { withSecrets } from './secrets.js';

type Checked = Omit<Configuration, 'file' | 'sources'> & {
  readonly server: { readonly allowRemote?: string };
  readonly sources: readonly SourceDocument[];
};
/** `database` becomes part of the location. */
type SourceDocument = SourceConfiguration & { readonly database?: string };

/** Reads and checks a configuration file (YAML 1.2). Throws a Fault `configuration` that names what is wrong, and where. */
export function loadConfiguration(
  file: string,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Configuration {
  const path = resolve(file);
  return checkConfiguration(withSecrets(parseYaml(path), environment), path);
}

/** A parsed document as a Configuration; `file` is what relative paths start from. */
export function checkConfiguration(document: unknown, file: string): Configuration {
  const checked = structuredClone(document ?? {});
  const validate = new Ajv({ allErrors: true, useDefaults: true }).compile(configurationSchema);
  if (!validate(checked)) throw new Fault('configuration', `${file}: ${validate.errors!.map(inWords).join('; ')}.`);
  const { server, sources } = checked as Checked;
  const { allowRemote, baseUrl, stateFolder, ...rest } = server;
  const folder = dirname(file);
  const { limits } = rest;
  if (limits.count.default > limits.count.max)
    throw new Fault('configuration', `${file}: server.limits.count.default is above its max.`);
  const words = sources.some(({ write }) => write) ? allowRemoteWritingWords : allowRemoteWords;
  if (!isLoopback(rest.host) && allowRemote !== words && allowRemote !== allowRemoteWritingWords) {
    throw new Fault(
      'configuration',
      `${file}: server.host ${rest.host} is not a loopback address. There is no sign-in yet: say allowRemote: "${words}" if it may.`,
    );
  }
  if (!isLoopback(rest.host) && baseUrl === undefined) {
    throw new Fault(
      'configuration',
      `${file}: server.baseUrl must say by which name the network reaches ${rest.host}.`,
    );
  }
  for (const [type, name] of Object.entries(rest.creates))
    if (!sources.some((source) => source.name === name && source.write))
      throw new Fault(
        'configuration',
        `${file}: server.creates.${type} names ${name}, which is no source that may be written.`,
      );
  return {
    file,
    server: {
      ...rest,
      ...(baseUrl !== undefined && { baseUrl: baseUrl.replace(/\/+$/, '') }),
      stateFolder: resolve(folder, stateFolder),
    },
    sources: sources.map((source, index) => checkSource(source, index, sources, folder, file)),
  };
}

function parseYaml(path: string): unknown {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    throw new Fault('configuration', `${path} cannot be read.`, {}, { cause });
  }
  const document = parseDocument(text);
  const [error] = document.errors;
  if (error) throw new Fault('configuration', `${path}: ${error.message}`);
  return document.toJS();
}

function checkSource(
  document: SourceDocument,
  index: number,
  all: readonly SourceDocument[],
  folder: string,
  file: string,
): SourceConfiguration {
  const place = `${file}: sources[${index}]`;
  const { database, ...source } = document;
  if (all.findIndex(({ name }) => name === source.name) !== index)
    throw new Fault('configuration', `${place}: the name ${source.name} is taken.`);
  if (!isTimeZone(source.timeZone))
    throw new Fault('configuration', `${place}.timeZone: ${source.timeZone} is not an IANA time zone.`);
  if (source.encoding !== undefined && !isEncoding(source.encoding)) {
    throw new Fault(
      'configuration',
      `${place}.encoding: ${source.encoding} is not an encoding of https://encoding.spec.whatwg.org.`,
    );
  }
  const strange = source.downloads?.privateHosts.find((host) => !source.downloads!.hosts.includes(host));
  if (strange !== undefined)
    throw new Fault('configuration', `${place}.downloads.privateHosts: ${strange} is not among its hosts.`);
  if (database !== undefined && !isUrl(source.location))
    throw new Fault('configuration', `${place}.database: the location is no server's.`);
  const location = isUrl(source.location) ? inDatabase(source.location, database) : resolve(folder, source.location);
  return { ...source, location, mappings: resolve(folder, source.mappings) };
}

/** The URL of one database of a server; of MongoDB it may name several hosts, so that it is no URL by the standard. */
function inDatabase(location: string, database: string | undefined): string {
  if (database === undefined) return location;
  const [, server, , rest] = /^([^?#]*?\/\/[^/?#]*(?:\/[^/?#]+(?=\/))*)(\/[^/?#]*)?(.*)$/s.exec(location)!;
  return `${server}/${encodeURIComponent(database)}${rest}`;
}

function isUrl(location: string): boolean {
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(location);
}

function isTimeZone(name: string): boolean {
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }) !== undefined;
  } catch {
    return false;
  }
}

function isEncoding(label: string): boolean {
  try {
    return new TextDecoder(label) !== undefined;
  } catch {
    return false;
  }
}

function inWords({ instancePath, keyword, message, params }: ErrorObject): string {
  const place =
    instancePath
      .slice(1)
      .replace(/\/(\d+)/g, '[$1]')
      .replaceAll('/', '.') || 'the top level';
  if (keyword === 'additionalProperties') return `unknown key ${params.additionalProperty} in ${place}`;
  if (keyword === 'required') return `${place} lacks ${params.missingProperty}`;
  if (keyword === 'const') return `${place} must be "${params.allowedValue}"`;
  if (keyword === 'enum') return `${place} must be one of ${params.allowedValues.join(', ')}`;
  return `${place} ${message}`;
}
