/** A test file needs a server exactly when its text names the variable that holds the server's address. */
import { readFileSync } from 'node:fs';

/** `[variable, [file, ...]]` for each variable that is named and not set, in the order of the names. */
export function leftOut(files, environment) {
  const wanting = new Map();
  for (const file of files) {
    const named = readFileSync(file, 'utf8').match(/\bHEALTHSYNC_TEST_[A-Z0-9_]+_URL\b/g) ?? [];
    for (const variable of new Set(named)) {
      if (!environment[variable]) wanting.set(variable, [...(wanting.get(variable) ?? []), file]);
    }
  }
  return [...wanting].sort(([a], [b]) => (a < b ? -1 : 1));
}
