import type { Adapter, SourceLocation } from '../../source/adapter.js';
import { ServerAdapter } from '../sql/server/adapter.js';
import { libpqTls, readLocation } from '../sql/server/location.js';
import { capabilities } from './capabilities.js';
import { dialect } from './compiler.js';
import { connect } from './driver.js';
import { catalog } from './schema.js';

/**
 * A PostgreSQL database (12 and later, encoding UTF8) at `postgres://user:password@host:port/database`; TLS by libpq's `sslmode`
 * (`disable`, `require`, `verify-ca`, `verify-full`; without it none), `sslrootcert`, `sslcert` and `sslkey`.
 */
export function openPostgres(source: SourceLocation): Adapter {
  const location = readLocation(source, { ...libpqTls, schemes: ['postgres:', 'postgresql:'], port: 5432 });
  return new ServerAdapter({ ...dialect, connect: connect(location), catalog }, source, capabilities);
}
