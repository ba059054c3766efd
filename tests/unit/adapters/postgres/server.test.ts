import { openPostgres } from '#src/adapters/postgres/adapter.js';
import { connect } from '#src/adapters/postgres/driver.js';
import { serverUrl } from '../../../support/server-url.js';
import { serverCases } from '../sql/server-cases.js';
import { postgresSubject } from './postgres-subject.js';

serverCases(postgresSubject('PostgreSQL', serverUrl('HEALTHSYNC_TEST_POSTGRES_URL'), openPostgres, connect));
