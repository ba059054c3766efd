import { type Bracket, never, or } from '../bracket.js';
import { linkedTo, refersTo, type SearchSetting, within } from '../leaf.js';
import { kindOf, type LinkedBinding, type Node, type ReferenceBinding } from '../template.js';

/** The rows with a literal reference to a resource anywhere in them, whether a search parameter leads there or not. */
export function pointsTo(node: Node | undefined, type: string, id: string, setting: SearchSetting): Bracket {
  return within(node, (slot) => {
    switch (kindOf(slot)) {
      case 'reference': {
        const reference = slot as ReferenceBinding;
        return reference.type === type ? refersTo(reference, id, setting) : never;
      }
      case 'linked': {
        const linked = slot as LinkedBinding;
        return linked.type === type ? linkedTo(linked, id, setting) : never;
      }
      case 'element':
        return or(...Object.values(slot).map((child) => pointsTo(child as Node | undefined, type, id, setting)));
      default:
        return never;
    }
  });
}
