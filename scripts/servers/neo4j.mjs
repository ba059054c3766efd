/** Neo4j 5 as Maven Central has it: the embedded database with Bolt opened. It accepts any user, unless it is to ask who they are. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cacheFolder, finish, program } from './install.mjs';
import { answers } from './ports.mjs';
import { signIn } from './sign-in.mjs';

const version = '5.26.12';
const beside = (name) => fileURLToPath(new URL(`neo4j/${name}`, import.meta.url));
const jars = () => join(cacheFolder(), `neo4j-${version}`);
const source = beside('Neo4jServer.java');
/** Compiled from what the source is now. */
const classes = () =>
  join(jars(), `classes-${createHash('sha256').update(readFileSync(source)).digest('hex').slice(0, 8)}`);

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
    existsSync(classes()) && program('java')
      ? []
      : [...(compiles() ? [] : ['default-jdk-headless']), ...(existsSync(jars()) || program('mvn') ? [] : ['maven'])],
  install() {
    installing ??= existsSync(classes()) ? Promise.resolve() : download();
    return installing;
  },
  prepare: async () => {},
  launch: ({ data, port }) => ({
    file: program('java'),
    args: [
      ...['-Xmx512m', '-XX:+UseSerialGC', '-cp', `${classes()}:${join(jars(), '*')}`],
      ...['Neo4jServer', data, `${port}`, `${signIn}`],
    ],
  }),
  // The port is opened last.
  ready: ({ port }) => answers(port),
  async settle({ port, secret }) {
    if (signIn) await setPassword(port, secret);
  },
  url: ({ port, secret }) => `bolt://neo4j:${signIn ? secret : 'any'}@127.0.0.1:${port}`,
};

/** A new database has a password that has to be changed before anything is asked. */
async function setPassword(port, secret) {
  const { default: driver } = await import('neo4j-driver');
  const client = driver.driver(`bolt://127.0.0.1:${port}`, driver.auth.basic('neo4j', 'neo4j'));
  try {
    const change = "ALTER CURRENT USER SET PASSWORD FROM 'neo4j' TO $secret";
    await client.executeQuery(change, { secret }, { database: 'system' });
  } catch (error) {
    // It was changed at an earlier start.
    if (error.code !== 'Neo.ClientError.Security.Unauthorized') throw error;
  } finally {
    await client.close();
  }
}

async function download() {
  const whole = jars();
  if (existsSync(whole)) return compile(whole);
  const part = `${whole}.part-${process.pid}`;
  rmSync(part, { recursive: true, force: true });
  const copy = ['dependency:copy-dependencies', '-DincludeScope=runtime', `-DoutputDirectory=${part}`];
  await finish(program('mvn'), ['-B', '-ntp', '-q', '-f', beside('pom.xml'), `-Dneo4j.version=${version}`, ...copy], {
    cwd: dirname(part),
  });
  await compile(part);
  // Another run may have been first.
  if (existsSync(whole)) rmSync(part, { recursive: true });
  else renameSync(part, whole);
}

async function compile(folder) {
  await finish(program('javac'), ['-cp', join(folder, '*'), '-d', join(folder, basename(classes())), source]);
}
