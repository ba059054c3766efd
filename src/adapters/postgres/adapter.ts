import type { Adapter, SourceLocation } from '../../source/adapter.js';
import { ServerAdapter } from '../sql/server/adapter.js';
import { bySqlState } from '../sql/server/failure.js';
import { readLocation } from '../sql/server/location.js';
import { capabilities } from './capabilities.js';
import { dialect } from './compiler.js';
import { connect } from './driver.js';
import { explain } from './explain.js';
import { catalog } from './schema.js';

/**
 * A PostgreSQL database (12 and later, encoding UTF8) at `postgres://user:password@host:port/database`; TLS by libpq's `sslmode`
 * (`disable`, `require`, `verify-ca`, `verify-full`; without it none), `sslrootcert`, `sslcert` and `sslkey`.
 */
export function openPostgres(source: SourceLocation): Adapter {
  const location = readLocation(source, {
    schemes: ['postgres:', 'postgresql:'],
    port: 5432,
    mode: 'sslmode',
    modes: { disable: 'none', require: 'encrypted', 'verify-ca': 'authority', 'verify-full': 'identity' },
    files: { ca: 'sslrootcert', cert: 'sslcert', key: 'sslkey' },
  });
  const vendor = { ...dialect, connect: connect(location), catalog, explain, meaning: bySqlState };
  return new ServerAdapter(vendor, source, capabilities);
}
