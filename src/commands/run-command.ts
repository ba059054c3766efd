import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { Fault } from '../errors/fault.js';
import { packageRoot } from '../fhir/package-root.js';
import { errorClass } from '../telemetry/error-class.js';
import { type Command, UsageError } from './command.js';
import { commands } from './table.js';

/** Parses the command line and runs its command. Returns the exit code: 0 done, 1 failed, 2 a command line that cannot be meant. */
export async function runCommand([name, ...rest]: readonly string[]): Promise<number> {
  if (name === '--help' || name === '-h' || name === 'help') return say(usage());
  if (name === '--version') return say(version());
  const command = name === undefined ? undefined : Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!command) return refuse(name === undefined ? 'Which command?' : `There is no command ${name}.`, usage());
  if (rest.includes('--help') || rest.includes('-h')) return say(`healthsync ${command.usage}\n  ${command.summary}`);
  try {
    const { values, positionals } = parseCommandLine(command, rest);
    return await (await command.load())(values, positionals);
  } catch (error) {
    if (error instanceof UsageError) return refuse(error.message, `healthsync ${command.usage}`);
    process.stderr.write(`healthsync: ${error instanceof Fault ? error.message : unexpected(error)}\n`);
    return 1;
  }
}

function parseCommandLine({ options, arguments: most }: Command, args: readonly string[]) {
  try {
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: most > 0, strict: true });
    if (positionals.length !== most)
      throw new UsageError(most === 0 ? 'It takes no argument.' : `It takes ${most} argument.`);
    return { values, positionals };
  } catch (error) {
    // parseArgs names the option that is unknown or lacks its value.
    if (error instanceof TypeError) throw new UsageError(error.message.split('. ')[0]!.replace(/\.?$/, '.'));
    throw error;
  }
}

function say(text: string): number {
  process.stdout.write(`${text}\n`);
  return 0;
}

function refuse(word: string, how: string): number {
  process.stderr.write(`healthsync: ${word}\n${how}\n`);
  return 2;
}

function usage(): string {
  const width = Math.max(...Object.values(commands).map(({ usage: { length } }) => length));
  const lines = Object.values(commands).map(({ usage, summary }) => `  healthsync ${usage.padEnd(width)}  ${summary}`);
  return `One FHIR R4 API in front of the databases that hospitals already run.\n\n${lines.join('\n')}\n\n  healthsync --help, --version`;
}

function version(): string {
  return (JSON.parse(readFileSync(new URL('package.json', packageRoot), 'utf8')) as { readonly version: string })
    .version;
}

/** Where an unexpected error was thrown, without its words: they may be a driver's, with what it was given. */
function unexpected(error: unknown): string {
  const places = error instanceof Error ? (error.stack ?? '').split('\n').filter((line) => /^ {4}at /.test(line)) : [];
  return [`unexpected ${errorClass(error)}`, ...places.slice(0, 8)].join('\n');
}
