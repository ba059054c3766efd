import { byNumber } from '../sql/server/failure.js';

/** https://dev.mysql.com/doc/mysql-errors/8.0/en/server-error-reference.html */
export const meaning = byNumber({
  // ER_QUERY_INTERRUPTED, ER_QUERY_TIMEOUT, MariaDB's ER_STATEMENT_TIMEOUT
  'source-timeout': [1317, 3024, 1969],
  // shutting down, aborted, killed, to be prepared anew
  lost: [1053, 1152, 1927, 1615, 4031],
  // too many connections, lock waits, deadlocks, memory, prepared statements
  'source-busy': [1040, 1203, 1226, 1205, 1213, 1037, 1038, 1041, 1461],
  // no such table or column, no right to it, a view without its table, another table than before
  'source-schema': [1146, 1054, 1051, 1109, 1142, 1143, 1356, 1412, 1267, 1064],
  // wrong values, crashed tables
  'source-corrupt': [1292, 1300, 1366, 1690, 1034, 1035, 1194, 1195],
});
