import type { Resource } from '@medplum/fhirtypes';
import type { CompiledMapping } from '../mapping/compile.js';
import type { Live } from './examined.js';

/** The first resources that a mapping makes of live rows, and where rows hold what cannot be decoded. */
export interface Sample {
  readonly rows: number;
  readonly resources: readonly Resource[];
  /** Rows by the path of the element that they cannot fill. */
  readonly undecodable: ReadonlyMap<string, number>;
}

const rowsRead = 1000;
const resourcesKept = 100;

export async function sample(
  { relation, output, exists, read }: CompiledMapping,
  { adapter, call }: Live,
): Promise<Sample> {
  const { scan } = adapter.narrow({ relation, output, order: [], limit: rowsRead }, [exists]);
  const resources: Resource[] = [];
  const undecodable = new Map<string, number>();
  let rows = 0;
  for await (const batch of adapter.scan(scan, call())) {
    for (const row of batch.rows) {
      rows++;
      const paths = new Set<string>();
      const resource = read(row, ({ path }) => paths.add(path));
      for (const path of paths) undecodable.set(path, (undecodable.get(path) ?? 0) + 1);
      if (resource && resources.length < resourcesKept) resources.push(resource);
    }
    if (rows >= rowsRead) break;
  }
  return { rows, resources, undecodable };
}
