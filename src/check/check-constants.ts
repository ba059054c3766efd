import { elements } from '../fhir/elements.js';
import { kindOf, type Node } from '../mapping/template.js';
import type { Examined } from './examined.js';
import type { Finding } from './finding.js';

/** What mappings say of every row without reading it, with the reason; a required code without one is a guess. */
export function checkConstants({ name: source, mappings: { mappings } }: Examined): readonly Finding[] {
  return mappings.flatMap(({ type, definition: { name: mapping, to, because = {}, document } }) => {
    if (document) return [];
    const given = to as { readonly [element: string]: Node | undefined };
    const stated = Object.entries(because).map(
      ([element, reason]): Finding => ({
        severity: 'information',
        kind: 'constant',
        source,
        mapping,
        place: `${type}.${element}`,
        message: `${told(given[element])}because ${reason}.`,
      }),
    );
    const guessed = [...(elements(type)?.values() ?? [])]
      .filter(
        (element) =>
          element.required &&
          element.type === 'code' &&
          !(element.name in because) &&
          kindOf(given[element.name] ?? {}) === 'constant',
      )
      .map(
        (element): Finding => ({
          severity: 'warning',
          kind: 'constant',
          source,
          mapping,
          place: `${type}.${element.name}`,
          message: `It is ${JSON.stringify(given[element.name])} for every row, and "because" does not say why.`,
        }),
      );
    return [...stated, ...guessed];
  });
}

function told(node: Node | undefined): string {
  return node !== undefined && kindOf(node) === 'constant' ? `${JSON.stringify(node)}, ` : '';
}
