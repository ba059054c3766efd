import { join } from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import type { Resource } from '@medplum/fhirtypes';
import { drawDataSet } from './data-set.js';
import { everything, federate } from './federation.js';
import { forms, type Hospital, hospitals } from './hospitals.js';
import { heldBy, inFiles, inMemory, listsOf } from './materialise.js';

let all: readonly Hospital[];

beforeAll(async () => {
  all = await hospitals();
}, 60_000);

function unversioned(resource: Resource): unknown {
  return { ...resource, meta: { ...resource.meta, versionId: '' } };
}

test.each([101, 102, 103, 104, 105, 106])(
  'what lies in files is read as from memory: data set %i',
  async (seed) => {
    const data = drawDataSet(all, seed);
    const files = inFiles(all, data);
    // A database's own columns may change what is written to them: these are the cells that it holds.
    const sources = inMemory(all, data).sources.map((source, i) => {
      const hospital = all[i]!;
      if (forms[hospital.name] !== 'sqlite') return source;
      return { ...source, adapter: listsOf(heldBy(join(files.folder!, hospital.name, 'hospital.db'), hospital)) };
    });
    const engine = federate(files, false);
    try {
      const found = await everything(engine);
      const expected = await everything(federate({ sources }, false));
      expect(found.map(unversioned)).toEqual(expected.map(unversioned));
    } finally {
      await engine.close();
      await files.remove();
    }
  },
  60_000,
);
