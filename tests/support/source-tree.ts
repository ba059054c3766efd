import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The root of the repository, with a slash at its end. */
export const root = fileURLToPath(new URL('../../', import.meta.url));

export interface SourceFile {
  /** From the root of the repository. */
  readonly path: string;
  readonly text: string;
  /** The text without comments, and with empty strings and templates. */
  readonly code: string;
  readonly imports: readonly Import[];
}

export interface Import {
  /** As it is written. */
  readonly specifier: string;
  /** The file of the repository that it leads to, undefined for a package. */
  readonly path: string | undefined;
  /** `import type`. */
  readonly typeOnly: boolean;
}

/** The source files below some folders, in the order of their paths. */
export function sourceFiles(...folders: readonly string[]): readonly SourceFile[] {
  return folders
    .flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
        .filter((path) => /\.(ts|mts|mjs|js)$/.test(path))
        .map((path) => posix.join(folder, path)),
    )
    .sort()
    .map((path) => sourceFile(path, readFileSync(join(root, path), 'utf8')));
}

export function sourceFile(path: string, text: string): SourceFile {
  return { path, text, code: withoutWords(text), imports: importsOf(path, text) };
}

const comment = String.raw`\/\/[^\n]*|\/\*[\s\S]*?\*\/`;
const quoted = String.raw`'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"`;
const template = String.raw`${'`'}(?:\\[\s\S]|[^\\${'`'}])*${'`'}`;
const pattern = String.raw`(?<=[(,=:[!&|?{};\n>]\s*)\/(?![*/])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\[\n])+\/[a-z]*`;
const words = new RegExp([comment, pattern, quoted, template].join('|'), 'g');

/** What a file does, without what it says. What stands inside `\${ }` of a template is kept. */
export function withoutWords(text: string): string {
  return text.replace(words, (found) => {
    if (found.startsWith('`'))
      return `\`${[...found.matchAll(/\$\{([^}]*)\}/g)].map(([, code]) => `\${${code}}`).join('')}\``;
    return /^['"]/.test(found) ? "''" : found.replace(/[^\n]/g, '');
  });
}

const statement = /^[ \t]*(?:import|export)\s+(type\s)?[^;'"]*?\bfrom\s*'([^']+)'|^[ \t]*import\s+'([^']+)'/gm;
const dynamic = /\bimport\(\s*'([^']+)'\s*\)/g;

function importsOf(path: string, text: string): readonly Import[] {
  const without = text.replace(new RegExp(`${quoted}|${comment}`, 'g'), (found) => (/^\//.test(found) ? '' : found));
  const found = [...without.matchAll(statement)].map(([, type, from, bare]) => ({
    specifier: (from ?? bare)!,
    typeOnly: type !== undefined,
  }));
  const late = [...without.matchAll(dynamic)].map(([, specifier]) => ({ specifier: specifier!, typeOnly: false }));
  return [...found, ...late].map((each) => ({ ...each, path: leadsTo(path, each.specifier) }));
}

function leadsTo(from: string, specifier: string): string | undefined {
  const own = /^#(src|demo)\/(.*)$/.exec(specifier);
  const path = own
    ? `${own[1]}/${own[2]}`
    : specifier.startsWith('.')
      ? posix.join(dirname(from), specifier)
      : undefined;
  return path?.replace(/\.js$/, '.ts');
}
