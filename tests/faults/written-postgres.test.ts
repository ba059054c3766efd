import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { openPostgres } from '#src/adapters/postgres/adapter.js';
import { serverUrl } from '../support/server-url.js';
import { registerCases } from './written-register.js';

const url = serverUrl('HEALTHSYNC_TEST_POSTGRES_URL');

registerCases({
  name: 'PostgreSQL',
  open: openPostgres,
  lengthOfGiven: "SELECT octet_length(given)::text FROM people WHERE mrn = 'p1'",
  atTheEnd: [
    [
      `CREATE FUNCTION late() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN IF NEW.phone = 'late' THEN RAISE EXCEPTION 'too late'; END IF; RETURN NEW; END $$`,
      'CREATE CONSTRAINT TRIGGER late AFTER UPDATE ON people DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION late()',
    ],
    'DROP TRIGGER late ON people',
  ],
  register: async () => {
    const name = `register_${randomBytes(6).toString('hex')}`;
    const maker = new pg.Client(url);
    await maker.connect();
    await maker.query(`CREATE DATABASE ${name} TEMPLATE template0 ENCODING 'UTF8'`);
    // What its own clocks show is nobody's affair.
    await maker.query(`ALTER DATABASE ${name} SET timezone = 'America/New_York'`);
    await maker.query(`CREATE ROLE ${name} LOGIN PASSWORD '${name}'`);
    // It has the right, on a server that lets nobody write: a standby, or one that has little room.
    await maker.query(`CREATE ROLE ${name}_fixed LOGIN PASSWORD '${name}'`);
    await maker.query(`ALTER ROLE ${name}_fixed SET default_transaction_read_only = on`);
    const own = Object.assign(new URL(url), { pathname: `/${name}` });
    const client = new pg.Client({
      connectionString: own.href,
      types: { getTypeParser: () => (text: string) => text } as never,
    });
    await client.connect();
    await client.query(`
      SET timezone = 'UTC';
      CREATE TABLE people (mrn varchar(20) PRIMARY KEY, family varchar(10) NOT NULL, given char(8),
        phone varchar(40) CHECK (phone <> 'forbidden'), email varchar(40) UNIQUE, weight numeric(5, 1));
      CREATE TABLE visits (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, mrn varchar(20) NOT NULL REFERENCES people,
        state varchar(8), began timestamp(0), ended timestamptz, planned timestamptz);
      CREATE TABLE bills (mrn varchar(20) REFERENCES people);
      CREATE FUNCTION meddle() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF NEW.phone LIKE 'cut%' THEN NEW.phone := left(NEW.phone, 5); END IF;
        IF NEW.phone = 'full' THEN RAISE EXCEPTION 'no space' USING ERRCODE = 'disk_full'; END IF;
        RETURN NEW; END $$;
      CREATE TRIGGER meddle BEFORE INSERT OR UPDATE ON people FOR EACH ROW EXECUTE FUNCTION meddle();
      GRANT SELECT ON people, visits TO ${name};
      GRANT ALL ON people, visits TO ${name}_fixed`);
    return {
      url: own.href,
      readerUrls: [name, `${name}_fixed`].map(
        (username) => Object.assign(new URL(own), { username, password: name }).href,
      ),
      rows: async (sql) => (await client.query({ text: sql, rowMode: 'array' })).rows as never,
      close: async () => {
        await client.end();
        await maker.query(`DROP DATABASE ${name} WITH (FORCE)`);
        await maker.query(`DROP ROLE ${name}, ${name}_fixed`);
        await maker.end();
      },
    };
  },
});
