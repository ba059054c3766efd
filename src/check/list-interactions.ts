import { capabilitiesOf } from '../execution/capabilities.js';
import type { Examined } from './examined.js';
import type { Finding } from './finding.js';

/** What can be asked of each resource type that the source has. */
export function listInteractions({ name: source, compiled }: Examined): readonly Finding[] {
  return [...capabilitiesOf(compiled, new Set()).values()].map(({ type, parameters, include }) => ({
    severity: 'information',
    kind: 'interactions',
    source,
    place: type,
    message:
      parameters.size === 0
        ? 'read.'
        : `read, search-type by ${[...parameters.keys()].join(', ')}${include.length > 0 ? `; _include ${include.join(', ')}` : ''}.`,
  }));
}
