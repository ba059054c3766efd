import { serverCapabilities } from '../sql/server/capabilities.js';

/** A text is found by code point, whatever its own collation is; a number or a truth in a text by no index of it. */
export const capabilities = serverCapabilities([], ({ as }, name, live) => {
  if (as === 'raw' || live?.collation === undefined) return name;
  return as === 'integer' || as === 'decimal' || as === 'boolean' ? undefined : `${name} COLLATE "C"`;
});
