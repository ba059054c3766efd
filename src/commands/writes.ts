import type { Run } from './command.js';
import { readConfiguration } from './read-configuration.js';
import { wholeNumber } from './whole-number.js';

const mostAtOnce = 1_000;
const dayMs = 86_400_000;

/**
 * `healthsync writes [--open] [--forget DAYS]`: every write that was made, the last first, as Provenance resources, one a line; or those
 * whose end is not known; or lets go of the records of those that ended that many days ago.
 */
export const writes: Run = async (values) => {
  const { server } = await readConfiguration(values);
  const [{ stateDatabase }, { writeLog }, { provenance }, { now }] = await Promise.all([
    import('../state/database.js'),
    import('../state/write-log.js'),
    import('../bundle/provenance.js'),
    import('../compose.js'),
  ]);
  const state = stateDatabase(server.stateFolder);
  const log = writeLog(state);
  const write = (value: unknown) => process.stdout.write(`${JSON.stringify(value)}\n`);
  try {
    const days = wholeNumber(values, 'forget', { min: 0, max: 100_000 });
    if (days !== undefined) {
      process.stdout.write(`${log.forget(new Date(now().getTime() - days * dayMs))} records let go\n`);
      return 0;
    }
    if (values.open === true) {
      const open = log.unfinished();
      for (const one of open) write(one);
      return open.length === 0 ? 0 : 1;
    }
    for (let from: number | undefined; ; ) {
      const records = log.records(mostAtOnce, from);
      for (const record of records) if (record.state === 'made') write(provenance(record));
      if (records.length < mostAtOnce) return 0;
      from = records.at(-1)!.entry;
    }
  } finally {
    state.close();
  }
};
