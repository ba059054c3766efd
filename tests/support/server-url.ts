/**
 * The address of a real server, for the tests that need one. A test file names the variable itself, for by that `npm test`
 * knows what the file needs, and leaves it out where the variable is not set.
 */
export type ServerVariable =
  `HEALTHSYNC_TEST_${'MYSQL' | 'POSTGRES' | 'MONGODB' | 'MONGODB_2' | 'INFLUXDB' | 'NEO4J'}_URL`;

export function serverUrl(variable: ServerVariable): string {
  const url = process.env[variable];
  if (!url) throw new Error(`${variable} is not set: eval "$(scripts/services up)" starts the servers and sets it`);
  return url;
}
