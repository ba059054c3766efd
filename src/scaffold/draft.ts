import type { Cell } from '../source/row.js';
import { Raw } from './code.js';
import type { Link, Linked, Planned } from './planned.js';
import { Reading } from './reading.js';
import type { Recipe } from './resources/recipe.js';
import { resources } from './resources/table.js';
import type { SurveyedColumn } from './survey.js';
import { slug } from './words.js';

/** A mapping that is to be written. */
export interface Draft {
  readonly name: string;
  readonly planned: Planned;
  readonly recipe: Recipe;
  /** What it imports of the language, and of `source.ts`. */
  readonly imports: readonly string[];
  readonly variables: readonly string[];
  /** Columns it reads, with the cells of its example's row. */
  readonly used: ReadonlyMap<SurveyedColumn, Cell>;
  readonly decisions: readonly string[];
}

/** Referred to before those that refer. */
const first = ['Patient', 'Encounter'];

/** Mappings of all planned tables; a table of which none can be made, with the reason. */
export function draft(
  planned: readonly Planned[],
  source: string,
): { readonly drafts: readonly Draft[]; readonly left: readonly { planned: Planned; reason: string }[] } {
  const order = ({ kind }: Planned) => (first.includes(kind) ? first.indexOf(kind) : first.length);
  const drafts: Draft[] = [];
  const left: { planned: Planned; reason: string }[] = [];
  for (const one of [...planned].sort((a, b) => order(a) - order(b))) {
    const missing = left.map((other) => other.planned.table);
    const reading = new Reading({ ...one, links: without(missing, one.links) }, source);
    const recipe = resources[one.kind](reading);
    if (typeof recipe === 'string') {
      left.push({ planned: one, reason: recipe });
      continue;
    }
    const { imports, variables, used, decisions } = reading;
    const exists = existence(reading, recipe);
    const name = one.facet === undefined ? slug(one.kind) : `${slug(one.kind)}-${one.slug}`;
    drafts.push({
      name,
      planned: one,
      recipe: { ...recipe, ...(exists && { exists }) },
      imports: [...imports],
      variables: [...variables],
      used,
      decisions,
    });
  }
  return { drafts, left };
}

/** A row makes a resource when it has what the recipe asks for and what required elements are made of. */
function existence(reading: Reading, { exists }: Recipe): Raw | undefined {
  const conditions = reading.required.map((columns) => {
    const present = columns.map((column) => reading.condition('present', column).text);
    if (present.length > 1) reading.imports.add('or');
    return present.length > 1 ? `or(${present.join(', ')})` : present[0]!;
  });
  const all = [...new Set([...(exists ? [exists.text] : []), ...conditions])];
  if (all.length < 2) return all[0] === undefined ? undefined : new Raw(all[0]);
  reading.imports.add('and');
  return new Raw(`and(${all.join(', ')})`);
}

/** A table that makes no resource is referred to by identifiers alone. */
function without(missing: readonly unknown[], links: Planned['links']): Planned['links'] {
  return Object.fromEntries(
    (Object.entries(links) as [Linked, Link][]).map(([kind, { column, target, dangling, alias }]) => [
      kind,
      { column, dangling, ...(alias && { alias }), ...(target && !missing.includes(target.table) && { target }) },
    ]),
  );
}
