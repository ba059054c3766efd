import { Fault } from '../errors/fault.js';

/**
 * Lets writes that depend on a search of a type be made one after another: two creates of the same thing then write it once
 * (https://hl7.org/fhir/R4/http.html#ccreate). It holds within one process.
 */
export class Turns {
  private readonly last = new Map<string, Promise<unknown>>();

  async take<T>(type: string, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    const turn = (this.last.get(type) ?? Promise.resolve()).then(() => {
      if (signal.aborted) throw new Fault('cancelled', 'The request was given up.');
      return work();
    });
    const ended = turn.catch(() => undefined);
    this.last.set(type, ended);
    try {
      return await turn;
    } finally {
      if (this.last.get(type) === ended) this.last.delete(type);
    }
  }
}
