import { spawn } from 'node:child_process';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { packageRoot } from '../fhir/package-root.js';
import type { Finding } from './finding.js';

const packages = createRequire(new URL('package.json', packageRoot));

/**
 * Type-checks a mapping folder, wherever it lies, with this package's own TypeScript, mapping language and FHIR types.
 * JavaScript is not type-checked, and said so.
 */
export async function typeCheck({
  name: source,
  folder,
}: {
  name: string;
  folder: string;
}): Promise<readonly Finding[]> {
  const files = await readdir(folder).catch(() => []);
  const scripts = files.filter((file) => /\.m?js$/.test(file));
  const findings = scripts.map(
    (file): Finding => ({
      severity: 'information',
      kind: 'not-type-checked',
      source,
      place: file,
      message: 'JavaScript is run without a type check.',
    }),
  );
  if (!files.some((file) => /\.m?ts$/.test(file))) return findings;
  const lines = (await compile(folder)).split('\n');
  return [...findings, ...diagnostics(lines, folder, source)];
}

async function compile(folder: string): Promise<string> {
  const temporary = await mkdtemp(join(tmpdir(), 'healthsync-check-'));
  try {
    const project = join(temporary, 'tsconfig.json');
    await writeFile(project, JSON.stringify(configuration(resolve(folder))));
    return await output(process.execPath, [tsc(), '-p', project, '--pretty', 'false']);
  } finally {
    await rm(temporary, { recursive: true });
  }
}

function configuration(folder: string) {
  return {
    compilerOptions: {
      target: 'es2022',
      lib: ['es2023'],
      module: 'nodenext',
      moduleResolution: 'nodenext',
      strict: true,
      noUncheckedIndexedAccess: true,
      noEmit: true,
      skipLibCheck: true,
      types: [],
      paths: {
        'healthsync/mapping': [fileURLToPath(new URL('dist/src/mapping/index.d.ts', packageRoot))],
        '@medplum/fhirtypes': [join(dirname(packages.resolve('@medplum/fhirtypes/package.json')), 'dist/index.d.ts')],
      },
    },
    include: [`${folder}/**/*.ts`, `${folder}/**/*.mts`],
    exclude: [`${folder}/**/node_modules`],
  };
}

function tsc(): string {
  return join(dirname(packages.resolve('typescript/package.json')), 'bin/tsc');
}

/** All that the program says; how it ends does not matter, its words do. */
function output(program: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    const parts: Buffer[] = [];
    child.stdout.on('data', (part: Buffer) => parts.push(part));
    child.stderr.on('data', (part: Buffer) => parts.push(part));
    child.on('error', reject);
    child.on('close', (code) => {
      const text = Buffer.concat(parts).toString('utf8');
      resolve(code === 0 || text !== '' ? text : `error: the type check ended with ${code}`);
    });
  });
}

/** `file(line,column): error TS2345: words`, the lines that follow indented. */
function diagnostics(lines: readonly string[], folder: string, source: string): Finding[] {
  const found: { place: string; words: string[] }[] = [];
  for (const line of lines) {
    const match = /^(?:(.+?)\((\d+),\d+\): )?error (?:TS\d+)?: (.*)$/.exec(line);
    if (match) {
      const [, file, at, words = ''] = match;
      found.push({ place: file === undefined ? folder : `${relative(folder, resolve(file))}:${at}`, words: [words] });
    } else if (/^\s+\S/.test(line)) found.at(-1)?.words.push(line.trim());
  }
  return found.map(({ place, words }) => ({
    severity: 'error',
    kind: 'type-error',
    source,
    place,
    message: words.join(' '),
  }));
}
