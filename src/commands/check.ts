import { checkSource } from '../check/check-source.js';
import { report } from '../check/report.js';
import type { Run } from './command.js';
import { readConfiguration } from './read-configuration.js';

/** Milliseconds that one question to a source may take: more than a request's, because whole columns are read. */
const timeoutMs = 60_000;

/** `healthsync check`: every mapping by itself and against the data it meets. Ends with 1 when there is an error. */
export const check: Run = async (values) => {
  const { server, sources } = await readConfiguration(values);
  const { now, openSource } = await import('../compose.js');
  const baseUrl = server.baseUrl ?? `http://${server.host}/fhir`;
  const reports = await Promise.all(
    sources.map(async (source) => {
      const adapter = await openSource({ ...source, timeoutMs });
      try {
        const checked = { ...source, adapter, folder: source.mappings, indexed: source.adapter !== 'duckdb' };
        return await checkSource(checked, { baseUrl, now, timeoutMs });
      } finally {
        await adapter.close();
      }
    }),
  );
  process.stdout.write(values.json === true ? `${JSON.stringify(reports, null, 2)}\n` : report(reports));
  return reports.some(({ findings }) => findings.some(({ severity }) => severity === 'error')) ? 1 : 0;
};
