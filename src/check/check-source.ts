import { isSourceFault } from '../errors/fault.js';
import { compileSource, withKeys } from '../execution/create-engine.js';
import { exampleIds } from '../identity/stored-ids.js';
import type { CompiledMapping } from '../mapping/compile.js';
import { loadMappings } from '../mapping/load-folder.js';
import { checkCodes, checkLoss } from './check-codes.js';
import { checkConstants } from './check-constants.js';
import { checkKeys } from './check-keys.js';
import { checkScans } from './check-scans.js';
import { compareSchema } from './compare-schema.js';
import type { CheckedSource, Examined, Live } from './examined.js';
import { runExamples } from './examples.js';
import type { Finding } from './finding.js';
import { listInteractions } from './list-interactions.js';
import { type Sample, sample } from './sample.js';
import { typeCheck } from './type-check.js';

export interface SourceReport {
  readonly source: string;
  readonly mappings: number;
  readonly findings: readonly Finding[];
}

export interface CheckSetting {
  readonly baseUrl: string;
  readonly now: () => Date;
  /** Milliseconds that one question to a source may take. */
  readonly timeoutMs: number;
}

/** Everything that is to be known of a source before it is served: its mappings as text, as examples, and against its data. */
export async function checkSource(source: CheckedSource, setting: CheckSetting): Promise<SourceReport> {
  const [types, examined] = await Promise.all([typeCheck(source), examine(source, setting)]);
  if (!('compiled' in examined)) return { source: source.name, mappings: 0, findings: [...types, examined] };
  const findings = [
    ...types,
    ...(await runExamples(examined)),
    ...(await checkLive(examined, setting)),
    ...checkLoss(examined),
    ...checkConstants(examined),
    ...listInteractions(examined),
  ];
  return { source: source.name, mappings: examined.compiled.length, findings };
}

async function examine(source: CheckedSource, { baseUrl }: CheckSetting): Promise<Examined | Finding> {
  const { name, folder, timeZone } = source;
  try {
    const mappings = await loadMappings(folder);
    const compiled = compileSource({ name, timeZone, mappings }, baseUrl, exampleIds());
    const conceptMap = (url: string) => mappings.conceptMaps.get(url)!;
    const adapter = withKeys({ adapter: source.adapter, mappings });
    return { ...source, adapter, mappings, baseUrl, compiled, setting: { source: name, timeZone, conceptMap } };
  } catch (error) {
    return { severity: 'error', kind: 'unloadable', source: name, place: folder, message: (error as Error).message };
  }
}

async function checkLive(examined: Examined, { now, timeoutMs }: CheckSetting): Promise<readonly Finding[]> {
  const { name, adapter } = examined;
  const call = () => ({ signal: new AbortController().signal, deadline: performance.now() + timeoutMs });
  const findings: Finding[] = [];
  try {
    const live: Live = { ...examined, call, now, tables: await adapter.describe(call()) };
    const schema = await compareSchema(live);
    findings.push(...schema);
    // What a mapping reads and the source lacks would only be said again by each question that follows.
    if (schema.some(({ severity, kind }) => severity === 'error' && kind !== 'unmapped-column')) return findings;
    findings.push(...(await checkKeys(live)), ...(await checkCodes(live)));
    const samples = new Map<CompiledMapping, Sample>();
    for (const mapping of live.compiled) {
      const found = await sample(mapping, live);
      samples.set(mapping, found);
      findings.push(...undecodable(mapping, found));
    }
    findings.push(...(await checkScans(live, samples)));
  } catch (error) {
    if (!isSourceFault(error)) throw error;
    findings.push({ severity: 'error', kind: 'source-away', source: name, place: name, message: error.message });
  }
  return findings;
}

function undecodable({ source, name }: CompiledMapping, { rows, undecodable }: Sample): readonly Finding[] {
  return [...undecodable].map(([path, count]) => ({
    severity: 'warning',
    kind: 'undecodable-value',
    source,
    mapping: name,
    place: path,
    message: /^[A-Za-z]+\.id$/.test(path)
      ? `${count} of the first ${rows} rows have a key that is too long for an id, or is none; say idStore: true.`
      : `${count} of the first ${rows} rows hold a value that cannot be decoded.`,
  }));
}
