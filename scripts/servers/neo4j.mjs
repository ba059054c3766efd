/** Neo4j 5 as Maven Central has it: the embedded database with Bolt opened. It accepts any user. */
import { execFileSync } from 'node:child_process';
import { existsSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cacheFolder, finish, program } from './install.mjs';
import { answers } from './ports.mjs';

const version = '5.26.12';
const beside = (name) => fileURLToPath(new URL(`neo4j/${name}`, import.meta.url));
const jars = () => join(cacheFolder(), `neo4j-${version}`);
const classes = () => join(jars(), 'classes');

/** A compiler of Java 17 or later: a runtime alone is not enough. */
function compiles() {
  try {
    const said = execFileSync(program('javac') ?? 'javac', ['-version'], { encoding: 'utf8', stdio: 'pipe' });
    return Number(/\d+/.exec(said)?.[0]) >= 17;
  } catch {
    return false;
  }
}

let installing;

export const neo4j = {
  stopSignal: 'SIGKILL',
  packages: () =>
    existsSync(jars()) && program('java')
      ? []
      : [...(compiles() ? [] : ['default-jdk-headless']), ...(program('mvn') ? [] : ['maven'])],
  install() {
    installing ??= existsSync(jars()) ? Promise.resolve() : download();
    return installing;
  },
  prepare: async () => {},
  launch: ({ data, port }) => ({
    file: program('java'),
    args: ['-Xmx512m', '-XX:+UseSerialGC', '-cp', `${classes()}:${join(jars(), '*')}`, 'Neo4jServer', data, `${port}`],
  }),
  // The port is opened last.
  ready: ({ port }) => answers(port),
  url: ({ port }) => `bolt://neo4j:any@127.0.0.1:${port}`,
};

async function download() {
  const whole = jars();
  const part = `${whole}.part-${process.pid}`;
  rmSync(part, { recursive: true, force: true });
  const copy = ['dependency:copy-dependencies', '-DincludeScope=runtime', `-DoutputDirectory=${part}`];
  await finish(program('mvn'), ['-B', '-ntp', '-q', '-f', beside('pom.xml'), `-Dneo4j.version=${version}`, ...copy], {
    cwd: dirname(part),
  });
  const source = beside('Neo4jServer.java');
  await finish(program('javac'), ['-cp', join(part, '*'), '-d', join(part, 'classes'), source]);
  // Another run may have been first.
  if (existsSync(whole)) rmSync(part, { recursive: true });
  else renameSync(part, whole);
}
