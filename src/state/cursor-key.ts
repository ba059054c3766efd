import { secretKey } from './secret-key.js';

/**
 * The key that seals cursors. It is made once and kept in the state folder, so that a page asked for before a restart is served
 * after it. Throws a Fault `configuration` when the folder cannot be used.
 */
export function cursorKey(stateFolder: string, randomBytes: (length: number) => Buffer): Buffer {
  return secretKey(stateFolder, 'cursor.key', randomBytes);
}
