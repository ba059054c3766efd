import type { Call } from '../source/adapter.js';
import { Gate } from '../source/gate.js';

/**
 * Lets writes that depend on a search of a type be made one after another: two creates of the same thing then write it once
 * (https://hl7.org/fhir/R4/http.html#ccreate). It holds within one process.
 */
export class Turns {
  private readonly gates = new Map<string, Gate>();

  async take<T>(type: string, call: Call, work: () => Promise<T>): Promise<T> {
    const gate = this.gates.get(type) ?? new Gate(1);
    this.gates.set(type, gate);
    const leave = await gate.enter(call);
    try {
      return await work();
    } finally {
      leave();
    }
  }
}
