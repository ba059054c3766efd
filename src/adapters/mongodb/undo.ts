import { Fault } from '../../errors/fault.js';
import type { Call } from '../../source/adapter.js';
import type { Document } from './cell.js';
import type { Session } from './driver.js';
import type { Filter } from './filter.js';

const patienceMs = 2_000;

/**
 * How changes are undone by a deployment that has no transactions: each is kept when it is made, and taken back when a later one
 * fails, where nobody has changed the same meanwhile. Others see it in between, and a program that ends in between leaves it.
 */
export class Undo {
  private readonly steps: ((call: Call) => Promise<boolean>)[] = [];

  constructor(private readonly session: Session) {}

  inserted(collection: string, document: Document): void {
    this.steps.push((call) => this.session.delete(collection, equal(document, Object.keys(document)), call));
  }

  deleted(collection: string, document: Document): void {
    this.steps.push(async (call) => {
      await this.session.insert(collection, document, call);
      return true;
    });
  }

  updated(collection: string, before: Document, after: Document, fields: Iterable<string>): void {
    const names = [...new Set(fields)];
    const had = names.filter((name) => Object.hasOwn(before, name));
    const hadNot = names.filter((name) => !Object.hasOwn(before, name));
    const update = {
      ...(had.length > 0 && { $set: Object.fromEntries(had.map((name) => [name, before[name]])) }),
      ...(hadNot.length > 0 && { $unset: Object.fromEntries(hadNot.map((name) => [name, ''])) }),
    };
    this.steps.push(
      async (call) => (await this.session.update(collection, equal(after, ['_id', ...names]), update, call)) !== null,
    );
  }

  /** @throws {Fault} `in-doubt` when a change cannot be taken back */
  async all(): Promise<void> {
    const call = { signal: new AbortController().signal, deadline: performance.now() + patienceMs };
    for (const step of this.steps.reverse()) {
      const done = await step(call).catch(() => false);
      if (!done) throw new Fault('in-doubt', 'The source keeps some of the changes: they could not be taken back');
    }
  }
}

function equal(document: Document, fields: readonly string[]): Filter {
  return Object.fromEntries(fields.map((name) => [name, { $eq: document[name] ?? null }]));
}
