/**
 * Do the servers that would take anybody ask for the user and the password of their URL? With HEALTHSYNC_SERVICES_SIGN_IN=required
 * they do: MongoDB, InfluxDB and Neo4j. The SQL servers always do.
 */
export const signIn = process.env.HEALTHSYNC_SERVICES_SIGN_IN === 'required';
