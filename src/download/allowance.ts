import type { DownloadLimits } from '../config/configuration.js';

/** May the URL be asked for at all? What its host's addresses are is looked at when they are known. */
export function isAllowed(url: URL, { hosts, allowHttp }: DownloadLimits): boolean {
  const scheme = url.protocol === 'https:' || (url.protocol === 'http:' && allowHttp !== undefined);
  return scheme && url.username === '' && url.password === '' && hosts.some((host) => isOf(url, host));
}

/** May the URL's host lie at any address? */
export function mayBePrivate(url: URL, { privateHosts }: DownloadLimits): boolean {
  return privateHosts.some((host) => isOf(url, host));
}

/** A URL leaves out the port of its scheme, and so does the pattern. */
function isOf({ host }: URL, pattern: string): boolean {
  return pattern.startsWith('*.') ? host.endsWith(pattern.slice(1)) : host === pattern;
}
