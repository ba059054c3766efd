import { readFileSync } from 'node:fs';
import type { ConnectionOptions } from 'node:tls';
import { Fault } from '../../../errors/fault.js';
import type { SourceLocation } from '../../../source/adapter.js';

/** Where a server listens, who asks, and how the way there is kept secret. */
export interface ServerLocation {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
  /** Absent: without TLS. */
  readonly tls?: ConnectionOptions;
}

type Mode = 'none' | 'encrypted' | 'authority' | 'identity';

/** How a vendor's URLs name the parameters of TLS: libpq's `sslmode` and `sslrootcert`, MySQL's `ssl-mode` and `ssl-ca`. */
export interface UrlDialect {
  readonly schemes: readonly string[];
  readonly port: number;
  readonly mode: string;
  readonly modes: Readonly<Record<string, Mode>>;
  readonly files: { readonly ca: string; readonly cert: string; readonly key: string };
}

/** As libpq names them (https://www.postgresql.org/docs/current/libpq-connect.html), and so do those that have no names of their own. */
export const libpqTls: Omit<UrlDialect, 'schemes' | 'port'> = {
  mode: 'sslmode',
  modes: { disable: 'none', require: 'encrypted', 'verify-ca': 'authority', 'verify-full': 'identity' },
  files: { ca: 'sslrootcert', cert: 'sslcert', key: 'sslkey' },
};

/** Reads a URL `scheme://user:password@host:port/database?parameters`. Throws a Fault `configuration`, which never repeats the URL. */
export function readLocation({ name, location }: SourceLocation, dialect: UrlDialect): ServerLocation {
  const wrong = (what: string, cause?: unknown) =>
    new Fault('configuration', `The location of source ${name} ${what}`, { source: name }, { cause });
  let url: URL;
  try {
    url = new URL(location);
  } catch {
    throw wrong('is not a URL');
  }
  if (!dialect.schemes.includes(url.protocol)) throw wrong(`does not begin with ${dialect.schemes[0]}//`);
  const database = decodeURIComponent(url.pathname.slice(1));
  if (database === '') throw wrong('names no database');
  const known = new Set([dialect.mode, ...Object.values(dialect.files)]);
  for (const parameter of url.searchParams.keys())
    if (!known.has(parameter)) throw wrong(`has an unknown parameter ${parameter}; known are ${[...known].join(', ')}`);
  const asked = url.searchParams.get(dialect.mode);
  const mode = asked === null ? 'none' : dialect.modes[asked.toLowerCase()];
  if (!mode) throw wrong(`has a ${dialect.mode} that is not one of ${Object.keys(dialect.modes).join(', ')}`);
  const file = (of: keyof UrlDialect['files']) => {
    const path = url.searchParams.get(dialect.files[of]);
    try {
      return path === null ? undefined : readFileSync(path);
    } catch (cause) {
      throw wrong(`names a file in ${dialect.files[of]} that cannot be read`, cause);
    }
  };
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  const [ca, cert, key] = [file('ca'), file('cert'), file('key')];
  return {
    host,
    port: url.port === '' ? dialect.port : Number(url.port),
    user: decodeURIComponent(url.username),
    password: decodeURIComponent(url.password),
    database,
    ...(mode !== 'none' && {
      tls: {
        rejectUnauthorized: mode !== 'encrypted',
        ...(mode === 'authority' && { checkServerIdentity: () => undefined }),
        ...(ca && { ca }),
        ...(cert && { cert }),
        ...(key && { key }),
      },
    }),
  };
}
