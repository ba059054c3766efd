import type { Adapter, SourceLocation } from '../../source/adapter.js';
import { ServerAdapter } from '../sql/server/adapter.js';
import { readLocation } from '../sql/server/location.js';
import { capabilities } from './capabilities.js';
import { dialect } from './compiler.js';
import { connect } from './driver.js';
import { catalog } from './schema.js';

/**
 * A database of MySQL (8.0.17 and later) or MariaDB (10.5 and later) at `mysql://user:password@host:port/database`; TLS by MySQL's
 * `ssl-mode` (`DISABLED`, `REQUIRED`, `VERIFY_CA`, `VERIFY_IDENTITY`; without it none), `ssl-ca`, `ssl-cert` and `ssl-key`.
 */
export function openMysql(source: SourceLocation): Adapter {
  const location = readLocation(source, {
    schemes: ['mysql:', 'mariadb:'],
    port: 3306,
    mode: 'ssl-mode',
    modes: { disabled: 'none', required: 'encrypted', verify_ca: 'authority', verify_identity: 'identity' },
    files: { ca: 'ssl-ca', cert: 'ssl-cert', key: 'ssl-key' },
  });
  const flavour = { mariadb: false };
  return new ServerAdapter({ ...dialect(flavour), connect: connect(location, flavour), catalog }, source, capabilities);
}
