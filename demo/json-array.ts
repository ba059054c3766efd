import { TextFile } from './text-file.js';

/** A JSON array written element by element, one to a line; yields once for each. */
export function* writeJsonArray(path: string, elements: Iterable<object>): Generator<void> {
  const file = new TextFile(path);
  try {
    file.write('[');
    let separator = '\n';
    for (const element of elements) {
      file.write(separator + JSON.stringify(element));
      separator = ',\n';
      yield;
    }
    file.write('\n]\n');
  } finally {
    file.close();
  }
}
