import { openPostgres } from '#src/adapters/postgres/adapter.js';
import { openPlainSql } from '../fixtures/plain-sql/adapter.js';
import { serverUrl } from '../support/server-url.js';
import { postgresWriteStore } from './postgres-write-store.js';
import { writeContract } from './write.contract.js';

const url = serverUrl('HEALTHSYNC_TEST_POSTGRES_URL');

writeContract(postgresWriteStore({ name: 'postgres', url, open: openPostgres }));
writeContract(
  postgresWriteStore({
    name: 'postgres, partitioned, with moments',
    url,
    open: openPostgres,
    instants: true,
    partitioned: 'HASH (id)',
  }),
);
writeContract(postgresWriteStore({ name: 'plain SQL', url, open: openPlainSql }));
