import { randomBytes } from 'node:crypto';
import { createConnection } from 'mysql2/promise';
import { serverUrl } from '../support/server-url.js';
import { syntheaTables } from '../support/synthea.js';
import { syntheaContract } from '../support/synthea-contract.js';

const server = serverUrl('HEALTHSYNC_TEST_MYSQL_URL');
const database = `synthea_${randomBytes(6).toString('hex')}`;

/** As docs/attach-a-database.md loads it: what looks like a moment is one, and a table without an id is given a number. */
function typeOf(column: string, values: readonly string[]): string {
  if (column === 'Id') return 'CHAR(36) NOT NULL PRIMARY KEY';
  const seen = values.filter((value) => value !== '');
  if (seen.length > 0 && seen.every((value) => /^\d{4}-\d\d-\d\dT[\d:]{8}Z$/.test(value))) return 'DATETIME';
  if (seen.length > 0 && seen.every((value) => /^\d{4}-\d\d-\d\d$/.test(value))) return 'DATE';
  return /^(PATIENT|ENCOUNTER|CODE)$/.test(column) ? 'VARCHAR(40)' : 'VARCHAR(255)';
}

syntheaContract({
  adapter: 'mysql',
  mappings: 'synthea-mysql',
  load: async () => {
    const connection = await createConnection(server);
    await connection.query(`CREATE DATABASE ${database} CHARACTER SET utf8mb4`);
    await connection.query(`USE ${database}`);
    for (const { name, columns, rows } of syntheaTables()) {
      const typed = columns.map((column, i) => {
        const type = typeOf(
          column,
          rows.map((row) => row[i]!),
        );
        // An id of imaging studies stands in several rows.
        return `\`${column}\` ${name === 'imaging_studies' ? type.replace(' PRIMARY KEY', '') : type}`;
      });
      const numbered = typed.some((column) => column.includes('PRIMARY KEY'))
        ? []
        : ['row_id BIGINT AUTO_INCREMENT PRIMARY KEY'];
      const indexes = ['PATIENT', 'ENCOUNTER', 'CODE']
        .filter((column) => columns.includes(column))
        .map((column) => `INDEX (${column})`);
      await connection.query(`CREATE TABLE ${name} (${[...numbered, ...typed, ...indexes].join(', ')})`);
      const cells = rows.map((row) =>
        row.map((cell) => cell.replace(/^(\d{4}-\d\d-\d\d)T([\d:]{8})Z$/, '$1 $2') || null),
      );
      const quoted = columns.map((column) => `\`${column}\``).join(', ');
      for (let i = 0; i < cells.length; i += 1000)
        await connection.query(`INSERT INTO ${name} (${quoted}) VALUES ?`, [cells.slice(i, i + 1000)]);
    }
    await connection.end();
    return Object.assign(new URL(server), { pathname: `/${database}` }).href;
  },
  drop: async () => {
    const connection = await createConnection(server);
    await connection.query(`DROP DATABASE IF EXISTS ${database}`);
    await connection.end();
  },
});
