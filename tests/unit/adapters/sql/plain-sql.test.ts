import { openPlainSql } from '../../../fixtures/plain-sql/adapter.js';
import { connect } from '../../../fixtures/plain-sql/driver.js';
import { serverUrl } from '../../../support/server-url.js';
import { postgresSubject } from '../postgres/postgres-subject.js';
import { serverCases } from './server-cases.js';

serverCases({
  ...postgresSubject('Plain SQL', serverUrl('HEALTHSYNC_TEST_POSTGRES_URL'), openPlainSql, connect),
  withoutIndexes: 'information_schema knows no indexes but those of keys',
});
