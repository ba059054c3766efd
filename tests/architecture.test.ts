import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { statuses } from '#src/http/status.js';
import { everything } from '#src/operations/table.js';
import { folderOf, foldersByLevel, mayImport } from './support/levels.js';
import { root, type SourceFile, sourceFile, sourceFiles } from './support/source-tree.js';

const src = sourceFiles('src');
const demo = sourceFiles('demo');
const mappings = sourceFiles('mappings');
const written = [...src, ...demo, ...mappings, ...sourceFiles('tests', 'scripts')];

const read = (path: string) => readFileSync(join(root, path), 'utf8');
/** `path: what` for everything that breaks a law. */
const findings = (files: readonly SourceFile[], find: (file: SourceFile) => readonly string[]) =>
  files.flatMap((file) => find(file).map((what) => `${file.path}: ${what}`));
const importing = (files: readonly SourceFile[], packages: RegExp, allowed: RegExp) =>
  findings(files, ({ path, imports }) =>
    allowed.test(path) ? [] : imports.map(({ specifier }) => specifier).filter((specifier) => packages.test(specifier)),
  );
const saying = (files: readonly SourceFile[], words: RegExp, allowed = /^$/) =>
  findings(files, ({ path, code }) => (allowed.test(path) ? [] : [...code.matchAll(words)].map(([found]) => found)));

describe('what the laws are read from', () => {
  const planted = sourceFile('src/plan/planted.ts', read('tests/fixtures/planted.txt'));

  test('imports are seen however they are written', () => {
    expect(planted.imports).toEqual([
      { specifier: '../http/b.js', path: 'src/http/b.ts', typeOnly: true },
      { specifier: '#src/mapping/c.js', path: 'src/mapping/c.ts', typeOnly: false },
      { specifier: './d.js', path: 'src/plan/d.ts', typeOnly: false },
      { specifier: '../http/late.js', path: 'src/http/late.ts', typeOnly: false },
    ]);
    expect(planted.imports.filter(({ path }) => !mayImport(planted.path, path!))).toHaveLength(2);
  });

  test('code is seen, and words are not', () => {
    expect(planted.code.match(/Date\.now/g)).toHaveLength(1);
    expect(saying([planted], clock)).toEqual(['src/plan/planted.ts: Date.now', 'src/plan/planted.ts: new Date()']);
    expect(saying([planted], anything)).toHaveLength(1);
  });

  test('a cycle is found', () => {
    const files = ['a', 'b', 'c'].map((name, i, all) =>
      sourceFile(`src/${name}.ts`, `import type {} from './${all[(i + 1) % 3]}.js';`),
    );
    expect(cycles(files)).toEqual(['src/a.ts > src/b.ts > src/c.ts > src/a.ts']);
  });
});

describe('imports', () => {
  test('every import leads to a file', () => {
    const paths = new Set(written.map(({ path }) => path));
    expect(
      findings(written, ({ imports }) =>
        imports.flatMap(({ path }) => (path === undefined || paths.has(path) || /\.json$/.test(path) ? [] : [path])),
      ),
    ).toEqual([]);
  });

  test('every folder of src has a level', () => {
    const known = new Set(foldersByLevel.flat());
    expect(
      [...new Set(src.map(({ path }) => folderOf(path)))].filter(
        (folder) => !known.has(folder) && !/^adapters\//.test(folder),
      ),
    ).toEqual([]);
  });

  test('a folder imports only from lower ones', () => {
    expect(
      findings(src, ({ path, imports }) =>
        imports.flatMap((each) =>
          each.path?.startsWith('src/') && !mayImport(path, each.path) ? [each.specifier] : [],
        ),
      ),
    ).toEqual([]);
  });

  test('there is no cycle, type imports included', () => {
    expect(cycles([...src, ...demo, ...mappings])).toEqual([]);
  });

  test('nothing in src imports the demo, but the command that generates it', () => {
    expect(
      findings(src, ({ path, imports }) =>
        imports.flatMap((each) =>
          path !== 'src/commands/generate.ts' && /^(demo|mappings|tests)\//.test(each.path ?? '')
            ? [each.specifier]
            : [],
        ),
      ),
    ).toEqual([]);
  });

  test('a mapping imports the language, the types of FHIR, and its own siblings', () => {
    expect(
      findings(mappings, ({ imports }) =>
        imports
          .filter(
            ({ specifier, typeOnly }) =>
              !(
                specifier === 'healthsync/mapping' ||
                /^\.\/[a-z0-9-]+\.js$/.test(specifier) ||
                (typeOnly && specifier === '@medplum/fhirtypes')
              ),
          )
          .map(({ specifier }) => specifier),
      ),
    ).toEqual([]);
  });

  test('Express is only in http, React only in the portal, OAuth only in auth', () => {
    expect(importing(src, /^express$/, /^src\/http\//)).toEqual([]);
    expect(importing(src, /^(react|react-dom|@mantine\/.*)(\/|$)/, /^src\/portal\//)).toEqual([]);
    expect(importing(src, /^(jose|oidc-provider|openid-client|passport.*|@node-oauth\/.*)$/, /^src\/auth\//)).toEqual(
      [],
    );
  });

  test('a database driver is only in the driver of its adapter, in state and in the demo', () => {
    const drivers = /^(better-sqlite3|@duckdb\/.*|mysql2|pg|mongodb|neo4j-driver|@influxdata\/.*|kysely)(\/|$)/;
    expect(
      importing(
        [...src, ...demo, ...mappings],
        drivers,
        /^(src\/adapters\/[a-z0-9-]+\/(driver|worker)\.ts|src\/state\/.*|demo\/.*)$/,
      ),
    ).toEqual([]);
    for (const [kind, drivers] of Object.entries({
      sqlite: /^better-sqlite3$/,
      duckdb: /^@duckdb\//,
      mongodb: /^mongodb$/,
      neo4j: /^neo4j-driver$/,
    })) {
      expect(importing(src, drivers, new RegExp(`^src/(adapters/${kind}|state)/`))).toEqual([]);
    }
  });

  test('adapters know no FHIR, search knows no columns', () => {
    const beneath = (folder: string) => src.filter(({ path }) => path.startsWith(`src/${folder}/`));
    const into = (files: readonly SourceFile[], folders: RegExp) =>
      findings(files, ({ imports }) =>
        imports.flatMap((each) => (folders.test(each.path ?? each.specifier) ? [each.specifier] : [])),
      );
    expect(into(beneath('adapters'), /^(src\/(fhir|query|search|mapping|terminology|identity)\/|@medplum\/)/)).toEqual(
      [],
    );
    expect(into(beneath('source'), /^(src\/(fhir|query|search|mapping)\/|@medplum\/)/)).toEqual([]);
    expect(
      into(
        [...beneath('search'), ...beneath('query')],
        /^src\/(source\/(expression|selection|relation|adapter|evaluate|select)\.ts|mapping\/|adapters\/)/,
      ),
    ).toEqual([]);
    expect(
      into(
        [...beneath('interactions'), ...beneath('bundle'), ...beneath('access')],
        /^(express|src\/(adapters|source|mapping)\/)/,
      ),
    ).toEqual([]);
  });
});

const clock = /\bDate\.now\b|\bnew Date(?:\(\s*\)|(?!\s*\())/g;
const chance =
  /\bMath\.random\b|\bcrypto\.(?:randomBytes|randomUUID|randomInt|getRandomValues)\b|\b(?:randomUUID|randomInt|getRandomValues)\(/g;
const anything = /(?:[:<|&]\s*|<[^<>;()]*,\s*|[^{,]\s\bas\s+)any\b\s*(?=[;,)>\]=|&{[]|$)/gm;

describe('what is handed in', () => {
  const outside = /^src\/(compose\.ts|main\.ts|commands\/.*)$/;

  test('the environment is read only in config', () => {
    expect(saying([...src, ...demo], /\bprocess\.env\b/g, /^src\/config\//)).toEqual([]);
  });

  test('the clock is read only where the process is composed', () => {
    expect(saying([...src, ...demo, ...mappings], clock, outside)).toEqual([]);
  });

  test('a stopwatch runs only for deadlines and the log', () => {
    expect(
      saying(
        [...src, ...demo],
        /\bperformance\.now\b/g,
        /^src\/((execution|adapters|http|check|commands)\/|source\/(wanted|watch)\.ts)/,
      ),
    ).toEqual([]);
  });

  test('chance comes from where the process is composed', () => {
    expect(saying([...src, ...demo, ...mappings], chance, outside)).toEqual([]);
    const taken = findings(src, ({ path, text }) =>
      outside.test(path)
        ? []
        : [...text.matchAll(/^import \{[^}]*\brandom\w*[^}]*\} from 'node:crypto'/gm)].map(([found]) => found),
    );
    expect(taken).toEqual([]);
  });

  test('only access permits a query, and the planner takes nothing else', () => {
    expect(saying(src, /\bas (?:unknown as )?Permitted(?:Query|Read)\b/g, /^src\/access\/restrict\.ts$/)).toEqual([]);
    expect(read('src/plan/plan.ts')).toMatch(/export function plan\(query: PermittedQuery,/);
    expect(read('src/interactions/interaction.ts')).toMatch(/run: \(request: FhirRequest, caller: Caller,/);
  });
});

describe('tables are whole', () => {
  const codes = [
    ...read('src/errors/fault.ts')
      .match(/export type FaultCode =[^;]*;/)![0]
      .matchAll(/'([a-z-]+)'/g),
  ].map(([, code]) => code!);

  test('a failure has a status, an OperationOutcome and a line in the docs', () => {
    expect(codes.length).toBeGreaterThan(20);
    expect(Object.keys(statuses).sort()).toEqual([...codes].sort());
    for (const table of ['src/http/status.ts', 'src/errors/outcome.ts'])
      expect(read(table)).toMatch(/satisfies Record<\s*FaultCode,/);
    const documented = [...read('docs/errors.md').matchAll(/^\| `([a-z-]+)`/gm)].map(([, code]) => code!);
    expect(documented.sort()).toEqual([...codes].sort());
  });

  test('an interaction is tested over HTTP', () => {
    const tests = readdirSync(join(root, 'tests/http')).join(' ');
    const under: Record<string, RegExp> = { capabilities: /metadata/, read: /read/, 'search-type': /search/ };
    for (const { name } of everything) expect(tests).toMatch(under[name] ?? new RegExp(name));
  });

  test('an adapter passes the contract, and can be configured', () => {
    const kinds = readdirSync(join(root, 'src/adapters')).filter((kind) => kind !== 'sql');
    const contracts = readdirSync(join(root, 'tests/contracts'));
    expect(kinds.filter((kind) => !contracts.includes(`${kind}.test.ts`))).toEqual([]);
    const offered = kinds.filter((kind) => kind !== 'memory');
    expect(offered.filter((kind) => !read('src/compose.ts').includes(`adapters/${kind}/adapter.js`))).toEqual([]);
    const configurable = /adapter: \{ enum: \[([^\]]*)\]/.exec(read('src/config/schema.ts'))![1]!;
    expect([...configurable.matchAll(/'([a-z0-9]+)'/g)].map(([, kind]) => kind!).sort()).toEqual([...offered].sort());
  });
});

describe('how files are written', () => {
  test('a file has at most 500 lines', () => {
    expect(
      findings(written, ({ text }) => (text.split('\n').length > 501 ? [`${text.split('\n').length} lines`] : [])),
    ).toEqual([]);
  });

  test('names are kebab-case', () => {
    const kebab = /^[a-z0-9]+(-[a-z0-9]+)*(\.(test|contract))?\.(ts|mjs)$/;
    expect(findings(written, ({ path }) => (kebab.test(basename(path)) ? [] : [basename(path)]))).toEqual([]);
  });

  test('no drawer', () => {
    const drawer = /(^|\/)(utils?|helpers?|libs?|common|shared|misc|core|services|managers|stuff|various)(\/|\.|$)/;
    expect(findings(written, ({ path }) => (drawer.test(path) ? [path] : []))).toEqual([]);
  });

  test('nothing is put off, and nothing is any', () => {
    const later = /\b(TO[D]O|FIX[M]E|X{3}|HAC[K])\b/g;
    expect(findings(written, ({ text }) => [...text.matchAll(later)].map(([found]) => found))).toEqual([]);
    const beside = written.map((file) => ({
      ...file,
      code: file.code.replace(/^(?:import|export) [^;]*? from ''/gm, ''),
    }));
    expect(saying(beside, anything)).toEqual([]);
    expect(
      findings(written, ({ text }) =>
        [...text.matchAll(/@ts-(ignore|nocheck|expect-error)(?! -- )/g)].map(([found]) => found),
      ),
    ).toEqual([]);
  });
});

/** Every import cycle, once, from the file of it that is reached first. */
function cycles(files: readonly SourceFile[]): readonly string[] {
  const to = new Map(files.map(({ path, imports }) => [path, imports.flatMap((each) => each.path ?? [])]));
  const done = new Set<string>();
  const found: string[] = [];
  const visit = (path: string, way: readonly string[]): void => {
    if (way.includes(path)) {
      found.push([...way.slice(way.indexOf(path)), path].join(' > '));
      return;
    }
    if (done.has(path)) return;
    for (const next of to.get(path) ?? []) visit(next, [...way, path]);
    done.add(path);
  };
  for (const path of to.keys()) visit(path, []);
  return found;
}
