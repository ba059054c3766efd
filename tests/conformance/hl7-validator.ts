import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from '@jest/globals';
import type { Resource } from '@medplum/fhirtypes';
import { root } from '../support/source-tree.js';

const validate = join(root, '../shared/validator/validate');
/** Where the validator is not beside the repository the test is skipped by name; a build must not pass without it. */
export const withValidator = existsSync(validate) || process.env.CI === 'true' ? test : test.skip;

/** Throws what the validator of HL7 says of the resources where it finds an error; it knows the definitions of profiles/. */
export async function refuseInvalid(resources: readonly Resource[]): Promise<void> {
  const { status, output } = await run(definitions(), lines(resources));
  if (status !== 0) throw new Error(output.slice(-8000));
}

/** An error that the validator of HL7 finds: where, by which of its rules, and what it says. */
export interface Hl7Error {
  readonly place: string;
  readonly rule: string;
  readonly message: string;
}

/** What the validator of HL7 says of each of the resources, whatever they are; extensions without a definition are let be. */
export async function hl7Errors(resources: readonly object[]): Promise<readonly (readonly Hl7Error[])[]> {
  const { output } = await run(['--any-extension', ...definitions()], lines(resources));
  // Where it stops on a resource it says nothing of those that follow.
  if (!output.includes(`\n${resources.length} resources, `)) throw new Error(output.slice(-4000));
  const found = resources.map((): Hl7Error[] => []);
  for (const line of output.split('\n')) {
    const [severity = '', number, place = '', rule = '', message] = line.split('\t');
    if (/^(?:ERROR|FATAL)$/.test(severity) && message !== undefined)
      found[Number(number) - 1]!.push({ place, rule, message });
  }
  return found;
}

function definitions(): readonly string[] {
  return readdirSync(join(root, 'profiles'), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.json') && !path.startsWith('r4/'))
    .map((path) => join(root, 'profiles', path));
}

function lines(resources: readonly object[]): string {
  return resources.map((one) => `${JSON.stringify(one)}\n`).join('');
}

/** The server must be able to answer meanwhile: kept connections would be dropped. */
function run(definitions: readonly string[], input: string): Promise<{ status: number | null; output: string }> {
  if (!existsSync(validate))
    throw new Error(`${validate} is not there: the HL7 validator belongs beside the repository.`);
  return new Promise((resolve, reject) => {
    const validator = spawn(validate, definitions);
    const output: string[] = [];
    for (const stream of [validator.stdout, validator.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => output.push(text));
    validator.on('error', reject).on('close', (status) => resolve({ status, output: output.join('') }));
    // Where it does not read to the end it says why on its other streams.
    validator.stdin.on('error', () => {}).end(input);
  });
}
