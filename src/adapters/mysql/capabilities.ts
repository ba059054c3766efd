import { serverCapabilities } from '../sql/server/capabilities.js';

/**
 * MySQL and MariaDB cannot decompose letters, and their decimals end at 65 digits: texts that are not ASCII are candidates of
 * `fold`, and long ones of `decimal`. Neither do they put them in order.
 */
export const capabilities = serverCapabilities(['fold', 'decimal'], ({ as }, name, live) => {
  // An index has the collation of its column, and not every one finds a name without case and accents; of a long text it holds the head.
  if (live?.collation === undefined) return name;
  if (as === 'integer' || as === 'decimal' || as === 'boolean') return undefined;
  if (as === 'fold' && !/^utf8.*(?:_bin|_general_ci)$/.test(live.collation)) return undefined;
  return /text/.test(live.type) ? `${name}(100)` : name;
});
