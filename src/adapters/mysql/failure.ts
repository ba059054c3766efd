import { byNumber, refusedByNumber } from '../sql/server/failure.js';

/** https://dev.mysql.com/doc/mysql-errors/8.0/en/server-error-reference.html */
export const meaning = byNumber({
  // ER_QUERY_INTERRUPTED, ER_QUERY_TIMEOUT, MariaDB's ER_STATEMENT_TIMEOUT
  'source-timeout': [1317, 3024, 1969],
  // shutting down, aborted, killed, to be prepared anew
  lost: [1053, 1152, 1927, 1615, 4031],
  // too many connections, lock waits, deadlocks, memory, prepared statements, rows that changed
  'source-busy': [1040, 1203, 1226, 1205, 1213, 1037, 1038, 1041, 1461, 1020],
  // no such table or column, no right to it, a view without its table, another table than before
  'source-schema': [1146, 1054, 1051, 1109, 1142, 1143, 1356, 1412, 1267, 1064],
  // wrong values, crashed tables
  'source-corrupt': [1292, 1300, 1366, 1690, 1034, 1035, 1194, 1195],
});

/** Why a change is not made; MariaDB's own numbers are those from 1900 to 1999 and from 4000 on. */
export const refusal = refusedByNumber({
  duplicate: [1062, 1586, 1022, 1169],
  constraint: [
    // null, no default, too long, out of range, cut, no such date, no such letter, no such JSON, no such partition
    1048, 1364, 1263, 1406, 1264, 1265, 1292, 1366, 1300, 1367, 1411, 1690, 3140, 3141, 4038, 1526, 1118, 1210,
    // rules of a column, of other tables, of views; triggers that refuse; columns that are computed
    3819, 4025, 1451, 1452, 1216, 1217, 1369, 1644, 3105, 1906, 4078,
  ],
  // read only servers, transactions, engines and tables; rights; views that cannot be written; logs that cannot take it
  'read-only': [1290, 1792, 1836, 1036, 1044, 1142, 1143, 1227, 1370, 1288, 1471, 1394, 1395, 1665],
  full: [1021, 1114, 1026],
});
