import { type Interaction, interactions, type Preference, preferences } from './asking.js';
import { harmNames } from './harm.js';

/** What one cell of the table came to. */
export interface Cell {
  readonly kind: string;
  readonly harm: string;
  readonly required: boolean;
  readonly preference: Preference;
  readonly interaction: Interaction;
  readonly said: string;
}

/** Or why it cannot be. */
export type Seen = Cell | { readonly kind: string; readonly harm: string; readonly impossible: string };

/** docs/faults.md. */
export function written(seen: readonly Seen[]): string {
  const kinds = [...new Set(seen.map(({ kind }) => kind))];
  const cells = seen.flatMap((one) => ('said' in one ? [one] : []));
  const rows = kinds.flatMap((kind) => harmNames.flatMap((harm) => rowsOf(kind, harm, cells)));
  const impossible = seen.flatMap((one) => ('impossible' in one ? [[one.kind, one.harm, one.impossible]] : []));
  return `${head}
${table(['source', 'what happens', 'asked', ...interactions], rows)}
${cells.length} cells were seen; ${impossible.length * 2 * preferences.length * interactions.length} more cannot be:

${table(['source', 'what happens', 'why it cannot'], impossible)}`;
}

/** What a page says of a cell, by the name of the cell. */
export function saying(page: string): ReadonlyMap<string, string> {
  const known = new Map<string, string>();
  for (const line of page.split('\n')) {
    const [kind, harm, asked, ...said] = line
      .slice(1, -1)
      .split('|')
      .map((text) => text.trim());
    if (said.length !== interactions.length) continue;
    const ways = whenAlways.find(([words]) => words === asked)?.[1] ?? asked!.split('; ');
    for (const way of ways)
      for (const [i, interaction] of interactions.entries())
        known.set([kind, harm, way, interaction].join(', '), said[i]!);
  }
  return known;
}

export function nameOf({ kind, harm, required, preference, interaction }: Cell): string {
  return [kind, harm, required ? 'required' : 'optional', preference, interaction].join(', ');
}

/** The ways of asking that are answered alike, each a row. */
function rowsOf(kind: string, harm: string, cells: readonly Cell[]): readonly (readonly string[])[] {
  const grouped = new Map<string, { readonly when: string[]; readonly said: readonly string[] }>();
  for (const required of [false, true]) {
    for (const preference of preferences) {
      const said = interactions.flatMap((interaction) =>
        cells
          .filter((cell) => cell.kind === kind && cell.harm === harm && cell.required === required)
          .filter((cell) => cell.preference === preference && cell.interaction === interaction)
          .map((cell) => cell.said),
      );
      if (said.length === 0) continue;
      const group = grouped.get(said.join()) ?? { when: [], said };
      grouped.set(said.join(), group);
      group.when.push(`${required ? 'required' : 'optional'}, ${preference}`);
    }
  }
  return [...grouped.values()].map(({ when, said }) => [kind, harm, shortened(when), ...said]);
}

const whenAlways: readonly (readonly [string, readonly string[]])[] = [
  ['in any way', ['optional', 'required'].flatMap((one) => preferences.map((preference) => `${one}, ${preference}`))],
  ['required, or strict', ['optional, strict', ...preferences.map((preference) => `required, ${preference}`)]],
  ['optional, not strict', ['optional, no Prefer', 'optional, lenient']],
  ['required', preferences.map((preference) => `required, ${preference}`)],
];

function shortened(when: readonly string[]): string {
  const known = whenAlways.find(([, all]) => all.length === when.length && all.every((one) => when.includes(one)));
  return known?.[0] ?? when.join('; ');
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((text, i) => Math.max(text.length, ...rows.map((row) => row[i]!.length)));
  const line = (texts: readonly string[]) => `| ${texts.map((text, i) => text.padEnd(widths[i]!)).join(' | ')} |\n`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('');
}

const head = `# What a client sees when a source fails

Seen by \`tests/faults\`, which harms a source of each kind in each way while it is asked, with 300 ms for the source, and compares
this page with what it saw. A cell says

- \`whole\`: the answer is the same as without the fault,
- a code: the rest is served, and that source is named with that code,
- a status and a code: refused, for that source.

Beside the source that is harmed there is always one that answers. \`read\` asks for a patient of the source; \`search\` for all
patients, sorted; \`chain\` and \`negation\` for visits of the other source by family name (\`patient.family\`) and by what is not said
of the patient (\`patient.gender:not\`); \`include\` for those visits with their patients. In no cell is an answer partial and silent,
a page wrong, or a request answered later than it may; and when the fault is over, all answers are whole again without a restart.
`;
