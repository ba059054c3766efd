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
  if (!existsSync(validate))
    throw new Error(`${validate} is not there: the HL7 validator belongs beside the repository.`);
  const definitions = readdirSync(join(root, 'profiles'), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.json') && !path.startsWith('r4/'))
    .map((path) => join(root, 'profiles', path));
  const { status, output } = await run(definitions, resources.map((one) => `${JSON.stringify(one)}\n`).join(''));
  if (status !== 0) throw new Error(output.slice(-8000));
}

/** The server must be able to answer meanwhile: kept connections would be dropped. */
function run(definitions: readonly string[], input: string): Promise<{ status: number | null; output: string }> {
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
