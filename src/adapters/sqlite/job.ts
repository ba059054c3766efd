import type { Batch } from '../../source/adapter.js';
import type { DistinctRelation, TableRelation } from '../../source/relation.js';
import { distinctJob } from './distinct-job.js';
import type { ColumnFacts, Repeated } from './knowledge.js';
import type { Remaining } from './remaining.js';
import { repeatedJob } from './repeated-job.js';
import { countJob, scanJob } from './scan-job.js';
import type { SqliteColumn } from './schema.js';
import type { Session } from './session.js';
import { surveyJob } from './survey-job.js';
import type { Flag } from './walk.js';

/** Work that may take long: done in slices, by a worker when more than one is needed. */
export type Job =
  | { readonly kind: 'scan' | 'count'; readonly remaining: Remaining }
  | { readonly kind: 'survey'; readonly column: SqliteColumn }
  | { readonly kind: 'repeated'; readonly relation: TableRelation }
  | { readonly kind: 'distinct'; readonly relation: DistinctRelation };

export type Result = number | ColumnFacts | Repeated | string | undefined;

/** Each step is one slice; a batch is handed over with it when the job is a scan that found rows. */
export function start(session: Session, job: Job, flag: Flag): Generator<Batch | undefined, Result> {
  switch (job.kind) {
    case 'scan':
      return scanJob(session, job.remaining, flag);
    case 'count':
      return countJob(session, job.remaining, flag);
    case 'survey':
      return surveyJob(session, job.column, flag);
    case 'repeated':
      return repeatedJob(session, job.relation, flag);
    case 'distinct':
      return distinctJob(session, job.relation, flag);
  }
}
