import { Gate } from '../source/gate.js';

/**
 * Lets writes that depend on a search of a type be made one after another: two creates of the same thing then write it once
 * (https://hl7.org/fhir/R4/http.html#ccreate). It holds within one process.
 */
export class Turns {
  private readonly gates = new Map<string, Gate>();

  async take<T>(type: string, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    const gate = this.gates.get(type) ?? new Gate(1);
    this.gates.set(type, gate);
    const leave = await gate.enter({ signal, deadline: Number.POSITIVE_INFINITY });
    try {
      return await work();
    } finally {
      leave();
    }
  }
}
