import type { ConceptMap } from '@medplum/fhirtypes';
import { Fault } from '../errors/fault.js';

/** One target of a ConceptMap element (R4 conceptmap.html). */
export interface TranslatedCoding {
  readonly system: string;
  readonly code: string;
  readonly display?: string;
  readonly equivalence: string;
}

/** A ConceptMap, forward: source code or text -> target codings. */
export interface Translation {
  readonly url: string;
  readonly targets: ReadonlyMap<string, readonly TranslatedCoding[]>;
}

/** @throws {Fault} `mapping` when the resource is no usable ConceptMap. */
export function translation(map: ConceptMap): Translation {
  if (map.resourceType !== 'ConceptMap' || !map.url) throw new Fault('mapping', 'A ConceptMap needs a url.');
  const targets = new Map<string, TranslatedCoding[]>();
  for (const group of map.group ?? []) {
    for (const element of group.element) {
      if (element.code === undefined) continue;
      for (const target of element.target ?? []) {
        if (target.code === undefined || group.target === undefined) continue;
        const { code, display, equivalence } = target;
        targets.set(element.code, [
          ...(targets.get(element.code) ?? []),
          { system: group.target, code, ...(display && { display }), equivalence: equivalence ?? 'equivalent' },
        ]);
      }
    }
  }
  return { url: map.url, targets };
}
