import type { Link } from '../state/link-table.js';
import { type Run, UsageError } from './command.js';
import { type LinkLine, linkLines } from './link-file.js';
import { readConfiguration } from './read-configuration.js';
import { type ResolveSetting, resolveEnds } from './resolve-ends.js';

/** Lines of which the ends are looked for together, and that are added at once. */
const atOnce = 500;

/**
 * `healthsync links import FILE`, `healthsync links remove FILE`: who is whom in several sources (docs/links.md). A line that says
 * nothing is named and left out, and the command ends with 1; the others count at once.
 */
export const links: Run = async (values, [action = '', file = '']) => {
  if (action !== 'import' && action !== 'remove') throw new UsageError('It imports or removes the links of a file.');
  const configuration = await readConfiguration(values);
  const { composeEngine, now } = await import('../compose.js');
  const [{ stateDatabase }, { linkTable }] = await Promise.all([
    import('../state/database.js'),
    import('../state/link-table.js'),
  ]);
  const { server } = configuration;
  const engine = await composeEngine(configuration, server.baseUrl ?? `http://${server.host}/fhir`);
  const state = stateDatabase(server.stateFolder);
  const table = linkTable(state);
  const told = { lines: 0, changed: 0, wrong: 0 };
  const wrong = (number: number, what: string) => {
    told.wrong++;
    process.stderr.write(`${file}:${number}: ${what}.\n`);
  };
  const setting = { engine, now, present: action === 'import' };
  const take = async (lines: readonly LinkLine[]) => {
    const meant = await linksOf(lines, setting, wrong);
    told.changed += action === 'import' ? table.add(meant) : table.remove(meant);
    told.lines += lines.length;
  };
  try {
    let some: LinkLine[] = [];
    for await (const line of linkLines(file)) {
      if (some.push(line) < atOnce) continue;
      await take(some);
      some = [];
    }
    await take(some);
  } finally {
    const done = action === 'import' ? ['added', 'were there already'] : ['removed', 'were not there'];
    const same = told.lines - told.wrong - told.changed;
    process.stdout.write(`${told.changed} links ${done[0]}, ${same} ${done[1]}, ${told.wrong} lines left out\n`);
    await engine.close();
    state.close();
  }
  return told.wrong === 0 ? 0 : 1;
};

/** The links that lines declare; what is wrong with the others is said. */
async function linksOf(
  lines: readonly LinkLine[],
  setting: ResolveSetting,
  wrong: (number: number, what: string) => void,
): Promise<readonly Link[]> {
  const ends = lines.flatMap((line) => ('ends' in line ? line.ends : []));
  const resolved = await resolveEnds(ends, setting);
  return lines.flatMap((line): readonly Link[] => {
    if ('wrong' in line) {
      wrong(line.number, line.wrong);
      return [];
    }
    const [one, other] = line.ends.map((end) => resolved.get(end)!);
    for (const [place, end] of [
      ['first', one],
      ['second', other],
    ] as const) {
      if (typeof end !== 'string') continue;
      wrong(line.number, `its ${place} field: ${end}`);
      return [];
    }
    if (typeof one !== 'object' || typeof other !== 'object') return [];
    if (one.space === other.space && one.key === other.key) {
      wrong(line.number, 'both fields are the same');
      return [];
    }
    return [[one, other]];
  });
}
