import { comment } from './code.js';
import type { Draft } from './draft.js';
import type { SurveyedTable } from './survey.js';

/** The README of a mapping folder: what it serves, what is to be decided, what is left. */
export function readme(
  source: string,
  drafts: readonly Draft[],
  left: readonly { readonly table: SurveyedTable; readonly reason: string }[],
  variable: string | undefined,
): string {
  const served = drafts.map(
    ({ name, planned }) =>
      `| \`${name}.ts\` | ${planned.kind} | \`${tick(place(planned.table))}\` | \`${tick(planned.key.name)}\` |\n`,
  );
  const decisions = drafts.flatMap(({ name, decisions }) =>
    decisions.map((text) => `- [ ] \`${name}.ts\`: ${tick(text)}\n`),
  );
  const unread = left.map(({ table, reason }) => `- \`${tick(place(table))}\`: ${tick(reason)}\n`);
  return [
    `# ${source}\n\nMappings of a database, as \`healthsync scaffold\` wrote them from its schema. What names and types make certain is mapped;\n`,
    'nothing is invented, and no row of the database is in this folder: the rows of `examples/` are made up.\n\n',
    '```sh\n',
    ...(variable === undefined ? [] : [`export ${variable}=...   # the password, as it stands in a URL\n`]),
    'npx healthsync check --config healthsync.yaml\nnpx healthsync serve --config healthsync.yaml\n```\n\n',
    '| file | resource | table | key |\n| --- | --- | --- | --- |\n',
    ...served,
    ...(decisions.length > 0 ? ['\n## To decide\n\n', ...decisions] : []),
    '\nColumns that no element is certain for stand in `unmapped` of each mapping. Map one, or write why it is left out.\n',
    ...(unread.length > 0 ? ['\n## Tables that nothing reads\n\n', ...unread] : []),
  ].join('');
}

function place({ name, unwind }: SurveyedTable): string {
  return unwind === undefined ? name : `${name}.${unwind}[]`;
}

function tick(text: string): string {
  return comment(text).replaceAll('`', "'").replaceAll('|', '\\|');
}
