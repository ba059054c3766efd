import { isDeepStrictEqual } from 'node:util';
import type { Bundle, OperationOutcome, OperationOutcomeIssue, Resource } from '@medplum/fhirtypes';
import type { FaultCode } from '#src/errors/fault.js';
import { faultSystem, sourceSystem } from '#src/errors/outcome.js';
import { statuses } from '#src/http/status.js';
import { STEADY } from './federation.js';
import { people } from './people.js';

export const interactions = ['read', 'search', 'chain', 'negation', 'include'] as const;
export type Interaction = (typeof interactions)[number];
export const preferences = ['no Prefer', 'lenient', 'strict'] as const;
export type Preference = (typeof preferences)[number];

const path = (interaction: Interaction, source: string) =>
  ({
    read: `Patient/${source}.p007`,
    search: 'Patient?_sort=family&_count=500',
    chain: 'Encounter?patient.family=ng&_count=500',
    negation: 'Encounter?patient.gender:not=male&_count=500',
    include: 'Encounter?_include=Encounter:patient&_count=500',
  })[interaction];

export interface Answer {
  readonly interaction: Interaction;
  readonly preference: Preference;
  readonly status: number;
  readonly body: Resource;
  readonly ms: number;
}

export async function ask(
  baseUrl: string,
  source: string,
  interaction: Interaction,
  preference: Preference = 'no Prefer',
): Promise<Answer> {
  const headers: Record<string, string> = preference === 'no Prefer' ? {} : { prefer: `handling=${preference}` };
  const begun = performance.now();
  const response = await fetch(`${baseUrl}/${path(interaction, source)}`, { headers });
  const body = (await response.json()) as Resource;
  return { interaction, preference, status: response.status, body, ms: performance.now() - begun };
}

/** What an answer comes to: `whole`, the code that is said beside what is left, or status and code of a refusal. */
export interface Judged {
  readonly said: string;
  /** What the laws forbid of it. */
  readonly wrong: readonly string[];
}

/** Judges an answer by what was answered when nothing was wrong. */
export function judge(answer: Answer, healthy: Answer, source: string, required: boolean): Judged {
  const { interaction, preference, status, body } = answer;
  const wrong: string[] = [];
  const said = (words: string): Judged => ({ said: words, wrong });
  const mayBePartial = !required && preference !== 'strict' && interaction !== 'read' && interaction !== 'negation';
  if (status !== 200) {
    const { code, names } = codesOf((body as OperationOutcome).issue[0]!);
    if (status !== 503 && status !== 504) wrong.push(`status ${status}`);
    if (status !== statuses[code as FaultCode]) wrong.push(`${status} is not the status of ${code}`);
    if (names !== source) wrong.push(`refused for ${names}`);
    if (mayBePartial) wrong.push('what is left is not served');
    return said(`${status} ${code}`);
  }
  if (interaction === 'read') {
    if (!isDeepStrictEqual(body, healthy.body)) wrong.push('another resource');
    return said('whole');
  }
  const { entries, outcomes } = partsOf(body as Bundle);
  const whole = partsOf(healthy.body as Bundle).entries;
  if (outcomes.length === 0) {
    if (!isDeepStrictEqual(entries, whole)) wrong.push('a partial answer that does not say so');
    return said('whole');
  }
  const issues = outcomes.flatMap(({ issue }) => issue.map(codesOf));
  if (issues.some(({ names }) => names !== source)) wrong.push(`names ${issues.map(({ names }) => names)}`);
  if (!issues.some(({ code }) => code === 'incomplete')) wrong.push('does not say that something is missing');
  if (!mayBePartial) wrong.push('a partial answer where none may be given');
  if (!isDeepStrictEqual(entries, whole.filter(withoutSource(interaction, source)))) wrong.push('a wrong page');
  return said(issues[0]!.code);
}

type Entry = NonNullable<Bundle['entry']>[number];

function partsOf({ entry = [] }: Bundle) {
  return {
    entries: entry.filter(({ search }) => search?.mode !== 'outcome'),
    outcomes: entry.flatMap(({ search, resource }) =>
      search?.mode === 'outcome' ? [resource as OperationOutcome] : [],
    ),
  };
}

function codesOf({ details }: OperationOutcomeIssue) {
  const of = (system: string) => details?.coding?.find((one) => one.system === system)?.code;
  return { code: of(faultSystem) ?? '', names: of(sourceSystem) };
}

/** What stays of a whole answer without the source: its patients go, and where they were chained to their visits, those too. */
function withoutSource(interaction: Interaction, source: string): (entry: Entry) => boolean {
  return ({ resource }) =>
    !resource!.id!.startsWith(`${source}.`) &&
    !(interaction === 'chain' && JSON.stringify(resource).includes(`Patient/${source}.`));
}

/** Is it what the source and the steady one hold together? Else nothing that is said of faults would be worth much. */
export function isHealthy({ interaction, status, body }: Answer, source: string): boolean {
  if (status !== 200) return false;
  if (interaction === 'read') return (body as { id?: string }).id === `${source}.p007`;
  const { entries, outcomes } = partsOf(body as Bundle);
  const ids = entries.map(({ resource }) => resource!.id!);
  const ofSource = ids.filter((id) => id.startsWith(`${source}.`)).length;
  const least = { search: people.length, chain: 0, negation: 0, include: people.length / 6 }[interaction];
  const elsewhere = ids.filter((id) => id.startsWith(`${STEADY}.e`)).length;
  return outcomes.length === 0 && ofSource === least && (interaction === 'search' || elsewhere > 0 || ids.length > 3);
}
