import { catalogOf, comparedBy, informationSchema, standardKinds } from '../sql/server/catalog.js';
import { quote } from './compiler.js';

/** The tables of the database that the location names. */
export const catalog = catalogOf({
  ...informationSchema('DATABASE()', 'column_type'),
  // Engines such as MyISAM and Aria keep what is rolled back.
  tables: `SELECT t.table_name, t.table_name, t.table_schema, t.table_name, t.table_type <> 'VIEW', COALESCE(e.transactions, 'YES') = 'YES'
    FROM information_schema.tables t LEFT JOIN information_schema.engines e ON e.engine = t.engine
    WHERE t.table_schema = DATABASE() ORDER BY t.table_name`,
  indexes: `SELECT table_name, index_name, non_unique = 0, index_name = 'PRIMARY', CASE WHEN index_type = 'BTREE' THEN column_name END
    FROM information_schema.statistics WHERE table_schema = DATABASE() ORDER BY table_name, index_name, seq_in_index`,
  quote,
  kinds: {
    ...standardKinds,
    tinytext: 'text',
    mediumtext: 'text',
    longtext: 'text',
    mediumint: 'integer',
    year: 'integer',
    bit: 'integer',
    float: 'single',
    datetime: 'dateTime',
    timestamp: 'instant',
  },
  column: comparedBy(/^utf8mb4_(nopad|0900)_bin$/),
});
