import { randomBytes } from 'node:crypto';
import { describe } from '@jest/globals';
import { MongoClient } from 'mongodb';
import { createConnection } from 'mysql2/promise';
import pg from 'pg';
import { scaffoldContract } from '../support/scaffold-contract.js';
import { serverUrl } from '../support/server-url.js';
import { createTable, smallHospital } from '../support/small-hospital.js';

const database = `scaffold_${randomBytes(6).toString('hex')}`;
const at = (url: string) => Object.assign(new URL(url), { pathname: `/${database}` }).href;

describe('of a MySQL database', () => {
  const server = serverUrl('HEALTHSYNC_TEST_MYSQL_URL');
  const types = {
    integer: 'INT',
    text: 'VARCHAR(80)',
    date: 'DATE',
    datetime: 'DATETIME',
    decimal: 'DECIMAL(10,1)',
  };
  scaffoldContract({
    adapter: 'mysql',
    prepare: async () => {
      const connection = await createConnection(server);
      await connection.query(`CREATE DATABASE ${database} CHARACTER SET utf8mb4`);
      await connection.query(`USE ${database}`);
      for (const table of smallHospital) {
        await connection.query(createTable(table, types, '`'));
        await connection.query(`INSERT INTO ${table.name} VALUES ?`, [table.rows]);
      }
      await connection.end();
      return at(server);
    },
    drop: async () => {
      const connection = await createConnection(server);
      await connection.query(`DROP DATABASE IF EXISTS ${database}`);
      await connection.end();
    },
  });
});

describe('of a PostgreSQL database', () => {
  const server = serverUrl('HEALTHSYNC_TEST_POSTGRES_URL');
  const types = { integer: 'integer', text: 'text', date: 'date', datetime: 'timestamp', decimal: 'numeric(10,1)' };
  const run = async (url: string, work: (client: pg.Client) => Promise<unknown>) => {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    await work(client);
    await client.end();
  };
  scaffoldContract({
    adapter: 'postgres',
    prepare: async () => {
      await run(server, (client) => client.query(`CREATE DATABASE ${database}`));
      await run(at(server), async (client) => {
        for (const table of smallHospital) {
          await client.query(createTable(table, types));
          const places = Object.keys(table.columns).map((_, i) => `$${i + 1}`);
          for (const row of table.rows)
            await client.query(`INSERT INTO ${table.name} VALUES (${places.join(', ')})`, [...row]);
        }
      });
      return at(server);
    },
    drop: () => run(server, (client) => client.query(`DROP DATABASE IF EXISTS ${database} WITH (FORCE)`)),
  });
});

describe('of a MongoDB database', () => {
  const url = at(serverUrl('HEALTHSYNC_TEST_MONGODB_URL'));
  scaffoldContract({
    adapter: 'mongodb',
    // As an application would keep it: moments are dates, names and addresses nested, visits in the document of their patient.
    prepare: async () => {
      const client = new MongoClient(url);
      const documents = (name: string) => {
        const { columns, rows } = smallHospital.find((table) => table.name === name)!;
        return rows.map((row) =>
          Object.fromEntries(
            Object.entries(columns).map(([column, type], i) => [
              column,
              type === 'datetime' && row[i] !== null ? new Date(`${row[i]}Z`.replace(' ', 'T')) : row[i],
            ]),
          ),
        );
      };
      const database = client.db();
      for (const { name } of smallHospital)
        if (name !== 'visits' && name !== 'patients') await database.collection(name).insertMany(documents(name));
      const visits = documents('visits');
      await database.collection('patients').insertMany(
        documents('patients').map(({ first_name, last_name, phone, email, address, city, zip, dob, ...rest }) => ({
          ...rest,
          dob: new Date(`${dob}T00:00:00Z`),
          name: { first: first_name, last: last_name },
          contact: { phone, email },
          address: { line1: address, city, zip },
          visits: visits
            .filter((visit) => visit.patient_id === rest.patient_id)
            .map(({ patient_id: _, ...visit }) => visit),
        })),
      );
      await client.close();
      return url;
    },
    drop: async () => {
      const client = new MongoClient(url);
      await client.db().dropDatabase();
      await client.close();
    },
  });
});
