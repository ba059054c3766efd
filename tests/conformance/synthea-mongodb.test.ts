import { randomBytes } from 'node:crypto';
import { MongoClient } from 'mongodb';
import { serverUrl } from '../support/server-url.js';
import { syntheaTables } from '../support/synthea.js';
import { syntheaContract } from '../support/synthea-contract.js';

const url = Object.assign(new URL(serverUrl('HEALTHSYNC_TEST_MONGODB_URL')), {
  pathname: `/synthea_${randomBytes(6).toString('hex')}`,
}).href;

/** As docs/attach-a-database.md loads it: texts, but moments as dates. */
function document(columns: readonly string[], row: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(
    columns.map((column, i) => {
      const text = row[i]!;
      return [column, /^\d{4}-\d\d-\d\dT[\d:]{8}Z$/.test(text) ? new Date(text) : text];
    }),
  );
}

syntheaContract({
  adapter: 'mongodb',
  mappings: 'synthea-mongodb',
  load: async () => {
    const client = new MongoClient(url);
    for (const { name, columns, rows } of syntheaTables()) {
      const collection = client.db().collection(name);
      await collection.insertMany(rows.map((row) => document(columns, row)));
      if (columns.includes('Id') && name !== 'imaging_studies')
        await collection.createIndex({ Id: 1 }, { unique: true });
      for (const column of ['PATIENT', 'ENCOUNTER', 'CODE'])
        if (columns.includes(column)) await collection.createIndex({ [column]: 1 });
    }
    await client.close();
    return url;
  },
  drop: async () => {
    const client = new MongoClient(url);
    await client.db().dropDatabase();
    await client.close();
  },
});
