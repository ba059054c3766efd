import { openPostgres } from '#src/adapters/postgres/adapter.js';
import { serverUrl } from '../support/server-url.js';
import { postgresStore } from './postgres-store.js';
import { sourceContract } from './source.contract.js';

const url = serverUrl('HEALTHSYNC_TEST_POSTGRES_URL');
const store = (name: string, collation: string) => postgresStore({ name, url, open: openPostgres, collation });

sourceContract(store('postgres, ordered by code point', ' COLLATE "C"'));
sourceContract(store('postgres, ordered by ICU', ' COLLATE "en-x-icu"'));
