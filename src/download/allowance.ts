/** What one source may be fetched from. */
export interface Allowance {
  /** `name`, `name:port` or `*.name` (what is below it); without a port that of the scheme. */
  readonly hosts: readonly string[];
  /** Those of them that may lie at addresses of a private network or of this machine. */
  readonly privateHosts: readonly string[];
  /** Without it, only https. */
  readonly allowHttp?: string;
  /** The most bytes of one download. */
  readonly maxBytes: number;
  /** Milliseconds that one download may take, to its last byte. */
  readonly timeoutMs: number;
}

/** May the URL be asked for at all? What its host's addresses are is looked at when they are known. */
export function isAllowed(url: URL, { hosts, allowHttp }: Allowance): boolean {
  const scheme = url.protocol === 'https:' || (url.protocol === 'http:' && allowHttp !== undefined);
  return scheme && url.username === '' && url.password === '' && hosts.some((host) => isOf(url, host));
}

/** May the URL's host lie at any address? */
export function mayBePrivate(url: URL, { privateHosts }: Allowance): boolean {
  return privateHosts.some((host) => isOf(url, host));
}

/** A URL leaves out the port of its scheme, and so does the pattern. */
function isOf({ host }: URL, pattern: string): boolean {
  return pattern.startsWith('*.') ? host.endsWith(pattern.slice(1)) : host === pattern;
}
