import { absentAmong } from './absent.js';
import { type Code, comment, literal, print, Raw } from './code.js';
import type { Draft } from './draft.js';
import type { Planned } from './planned.js';
import { idOf } from './reading.js';
import type { SurveyedTable } from './survey.js';
import { variable as variableOf } from './words.js';

/** The text of `source.ts`: the tables that mappings read, and those that none reads. */
export function sourceModule(
  drafts: readonly Draft[],
  left: readonly { readonly table: SurveyedTable; readonly reason: string }[],
): string {
  const tables = drafts.map(({ planned }) => `export const ${planned.variable} = ${tableCode(planned)};\n`);
  const unmapped = left.map(
    ({ table, reason }) =>
      `//   ${comment(placeOf(table))}: ${comment(reason)}\n//     ${comment(table.columns.map(({ name }) => name).join(', '))}\n`,
  );
  return [
    "import { table } from 'healthsync/mapping';\n",
    '/** What the tables are, as their names, their declared types and their first rows tell. */\n',
    ...tables.flatMap((table) => [table, '\n']),
    ...(unmapped.length > 0 ? ['// DECIDE: no mapping reads these.\n', ...unmapped] : []),
  ]
    .join('')
    .replace("mapping';\n/**", "mapping';\n\n/**")
    .trimEnd()
    .concat('\n');
}

function placeOf({ name, unwind }: SurveyedTable): string {
  return unwind === undefined ? name : `${name}, elements of ${unwind}`;
}

function tableCode({ table: { name, columns, unwind }, variable, key, document, place }: Planned): string {
  const absent = absentAmong(columns.flatMap(({ values }) => [...values]));
  const all = document === undefined ? columns : [document, ...columns];
  const types: Record<string, Code> = {};
  for (const { name: column, path, type } of all)
    types[column] = path.length === 1 && path[0] === column ? type : { path: path.join('.'), type };
  if (place !== undefined) types[place] = { placeIn: unwind! };
  const before = variable.length + literal(name).length + 24;
  const table = {
    key: [key.name, ...(place === undefined ? [] : [place])],
    absent: absent.length > 0 ? [...absent] : undefined,
    unwind: unwind === undefined ? undefined : [unwind],
    columns: types,
  };
  return `table(${literal(name)}, ${print(table, '', before)})`;
}

/** The text of one mapping's module. */
export function mappingModule(
  { name, planned, recipe, imports, variables, decisions }: Draft,
  unmapped: readonly string[],
): string {
  const type = planned.kind;
  const own = variableOf(name);
  const exported = variables.includes(own) || imports.includes(own) || own === 'table' ? `${own}Mapping` : own;
  const definition = print({
    name,
    id: new Raw(idOf(planned)),
    exists: recipe.exists,
    because: recipe.because,
    unmapped:
      unmapped.length > 0
        ? Object.fromEntries(unmapped.map((column) => [column, 'not decided yet what it is in FHIR']))
        : undefined,
    to: recipe.to,
  });
  return [
    `import type { ${type} } from '@medplum/fhirtypes';`,
    `import { ${[...imports].sort().join(', ')} } from 'healthsync/mapping';`,
    `import { ${[...variables].sort().join(', ')} } from './source.js';`,
    '',
    ...decisions.map((decision) => `// DECIDE ${comment(decision)}`),
    `export const ${exported} = map<${type}>('${type}', ${definition});`,
    '',
  ].join('\n');
}
