import { existsSync, linkSync, mkdirSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Fault } from '../errors/fault.js';

const length = 32;

/**
 * A secret of 32 bytes, made once and kept in the state folder (mode 0600) under its name.
 * Throws a Fault `configuration` when the folder cannot be used.
 */
export function secretKey(stateFolder: string, name: string, randomBytes: (length: number) => Buffer): Buffer {
  const path = join(stateFolder, name);
  try {
    mkdirSync(stateFolder, { recursive: true, mode: 0o700 });
    if (!existsSync(path)) {
      // Of two processes that start together one link stands, and both read whole what it names.
      const own = `${path}.${randomBytes(8).toString('hex')}`;
      writeFileSync(own, randomBytes(length), { flag: 'wx', mode: 0o600 });
      try {
        linkSync(own, path);
      } catch (error) {
        if (!existsSync(path)) throw error;
      } finally {
        unlinkSync(own);
      }
    }
    const key = readFileSync(path);
    if (key.length === length) return key;
  } catch (cause) {
    throw new Fault('configuration', `server.stateFolder ${stateFolder} cannot be written.`, {}, { cause });
  }
  throw new Fault('configuration', `${path} is not a key of ${length} bytes; remove it to have a new one made.`);
}
