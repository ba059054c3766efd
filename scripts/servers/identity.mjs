/** A process is known by its id and the moment it was born (clock ticks since boot): an id alone is given out again. */
import { readFileSync } from 'node:fs';

export function identify(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // proc(5): what follows the name in brackets; field 3 is the state, field 22 the start time.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? undefined : { pid, born: fields[19] };
  } catch {
    return undefined;
  }
}

export const thisProcess = () => identify(process.pid);

export const isAlive = (known) => known !== undefined && identify(known.pid)?.born === known.born;
