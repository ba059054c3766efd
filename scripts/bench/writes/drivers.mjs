/** The writes of the floor by hand, by the kind of database. A row is an object by column. */
import { createRequire } from 'node:module';
import { columns } from './people.mjs';

/** As many as the server's adapters hold. */
const CONNECTIONS = 8;
const changed = columns.filter((column) => column !== 'id');
const cells = (row) => columns.map((column) => row[column]);
const changedCells = (row) => [...changed.map((column) => row[column]), row.id];

export const drivers = { sqlite, postgres, mysql, mongodb };

function sqlite(location) {
  const Database = createRequire(import.meta.url)('better-sqlite3');
  const database = new Database(location, { timeout: 5000 });
  const insert = database.prepare(
    `INSERT INTO people (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`,
  );
  const update = database.prepare(
    `UPDATE people SET ${changed.map((column) => `${column} = ?`).join(', ')} WHERE id = ?`,
  );
  const phone = database.prepare(`UPDATE people SET phone = ? WHERE id = ? RETURNING ${columns.join(', ')}`);
  const find = database.prepare('SELECT id FROM people WHERE id = ?');
  const all = database.transaction((rows) => {
    for (const row of rows) insert.run(cells(row));
  });
  const unless = database.transaction((id, row) => !find.get(id) && insert.run(cells(row)));
  return {
    insert: (row) => insert.run(cells(row)),
    update: (row) => update.run(changedCells(row)),
    changePhone: (id, value) => phone.get(value, id),
    insertUnless: (id, row) => unless.immediate(id, row),
    insertAll: (rows) => all.immediate(rows),
  };
}

async function postgres(location) {
  const { default: pg } = await import('pg');
  // A date as it stands.
  pg.types.setTypeParser(1082, (text) => text);
  const pool = new pg.Pool({ connectionString: location, max: CONNECTIONS });
  const places = (count) => Array.from({ length: count }, (_, i) => `$${i + 1}`);
  const statement = (name, text) => (values) => ({ name, text, values });
  const insert = statement(
    'insert',
    `INSERT INTO people (${columns.join(', ')}) VALUES (${places(columns.length).join(', ')})`,
  );
  const update = statement(
    'update',
    `UPDATE people SET ${changed.map((column, i) => `${column} = $${i + 1}`).join(', ')} WHERE id = $${columns.length}`,
  );
  const phone = statement('phone', `UPDATE people SET phone = $1 WHERE id = $2 RETURNING ${columns.join(', ')}`);
  const find = statement('find', 'SELECT id FROM people WHERE id = $1');
  const together = async (work) => {
    const client = await pool.connect();
    try {
      await client.query('BEGIN');
      const result = await work(client);
      await client.query('COMMIT');
      return result;
    } finally {
      client.release();
    }
  };
  return {
    insert: (row) => pool.query(insert(cells(row))),
    update: (row) => pool.query(update(changedCells(row))),
    changePhone: async (id, value) => (await pool.query(phone([value, id]))).rows[0],
    insertUnless: (id, row) =>
      together(async (client) => {
        if ((await client.query(find([id]))).rows.length > 0) return false;
        await client.query(insert(cells(row)));
        return true;
      }),
    insertAll: (rows) =>
      together(async (client) => {
        for (const row of rows) await client.query(insert(cells(row)));
      }),
  };
}

async function mysql(location) {
  const { createPool } = await import('mysql2/promise');
  const pool = createPool({ uri: location, connectionLimit: CONNECTIONS, dateStrings: true });
  const insert = `INSERT INTO people (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`;
  const update = `UPDATE people SET ${changed.map((column) => `${column} = ?`).join(', ')} WHERE id = ?`;
  const together = async (work) => {
    const connection = await pool.getConnection();
    try {
      await connection.beginTransaction();
      const result = await work(connection);
      await connection.commit();
      return result;
    } finally {
      connection.release();
    }
  };
  return {
    insert: (row) => pool.execute(insert, cells(row)),
    update: (row) => pool.execute(update, changedCells(row)),
    // It has no RETURNING for an update.
    changePhone: (id, value) =>
      together(async (connection) => {
        await connection.execute('UPDATE people SET phone = ? WHERE id = ?', [value, id]);
        const [[row]] = await connection.execute(`SELECT ${columns.join(', ')} FROM people WHERE id = ?`, [id]);
        return row;
      }),
    insertUnless: (id, row) =>
      together(async (connection) => {
        const [there] = await connection.execute('SELECT id FROM people WHERE id = ?', [id]);
        if (there.length > 0) return false;
        await connection.execute(insert, cells(row));
        return true;
      }),
    insertAll: (rows) =>
      together(async (connection) => {
        for (const row of rows) await connection.execute(insert, cells(row));
      }),
  };
}

async function mongodb(location) {
  const { MongoClient } = await import('mongodb');
  const client = new MongoClient(location, {
    maxPoolSize: CONNECTIONS,
    writeConcern: { w: 'majority', journal: true },
  });
  const people = client.db().collection('people');
  const together = (work) => client.withSession((session) => session.withTransaction(() => work(session)));
  return {
    insert: (row) => people.insertOne({ ...row }),
    update: ({ id, ...rest }) => people.updateOne({ id }, { $set: rest }),
    changePhone: (id, value) =>
      people.findOneAndUpdate({ id }, { $set: { phone: value } }, { returnDocument: 'after' }),
    insertUnless: (id, row) =>
      together(async (session) => {
        if (await people.findOne({ id }, { session })) return false;
        await people.insertOne({ ...row }, { session });
        return true;
      }),
    insertAll: (rows) =>
      together(async (session) => {
        for (const row of rows) await people.insertOne({ ...row }, { session });
      }),
  };
}
