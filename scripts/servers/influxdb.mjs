/** InfluxDB 1.x, without passwords. */
import { join } from 'node:path';
import { program } from './install.mjs';
import { signIn } from './sign-in.mjs';

export const influxdb = {
  stopSignal: 'SIGKILL',
  packages: () => (program('influxd') ? [] : ['influxdb']),
  install: async () => {},
  prepare: async () => {},
  launch: ({ data, port }) => ({
    file: program('influxd'),
    // Not the configuration of the machine's own service: everything is said here.
    args: ['-config', '/dev/null'],
    env: {
      INFLUXDB_REPORTING_DISABLED: 'true',
      INFLUXDB_BIND_ADDRESS: '127.0.0.1:0',
      INFLUXDB_META_DIR: join(data, 'meta'),
      INFLUXDB_DATA_DIR: join(data, 'data'),
      INFLUXDB_DATA_WAL_DIR: join(data, 'wal'),
      INFLUXDB_DATA_QUERY_LOG_ENABLED: 'false',
      INFLUXDB_DATA_MAX_VALUES_PER_TAG: '0',
      INFLUXDB_DATA_MAX_SERIES_PER_DATABASE: '0',
      INFLUXDB_MONITOR_STORE_ENABLED: 'false',
      INFLUXDB_HTTP_BIND_ADDRESS: `127.0.0.1:${port}`,
      INFLUXDB_HTTP_LOG_ENABLED: 'false',
      INFLUXDB_HTTP_AUTH_ENABLED: `${signIn}`,
    },
  }),
  ready: ({ port }) =>
    fetch(`http://127.0.0.1:${port}/ping`).then(
      ({ status }) => status === 204,
      () => false,
    ),
  async settle({ port, secret }) {
    if (!signIn) return;
    // Allowed to anybody while there is no user.
    const q = `CREATE USER healthsync WITH PASSWORD '${secret}' WITH ALL PRIVILEGES`;
    await fetch(`http://127.0.0.1:${port}/query`, { method: 'POST', body: new URLSearchParams({ q }) });
  },
  url: ({ port, secret }) => `http://${signIn ? `healthsync:${secret}@` : ''}127.0.0.1:${port}`,
};
