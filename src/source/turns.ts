import { Fault } from '../errors/fault.js';
import type { Call } from './adapter.js';
import { Gate } from './gate.js';

interface Turn {
  readonly gate: Gate;
  /** Those who have it, or wait for it, by their age. */
  readonly users: Set<number>;
}

/** Those who write here take turns by names (of rows): else they would meet in the server, and one of them would have to begin anew. */
export class Turns {
  private readonly turns = new Map<string, Turn>();
  private last = 0;

  /** How old one is who begins now: whoever comes later is younger, a higher number. */
  begin(): number {
    return ++this.last;
  }

  /**
   * Waits for the turn of a name; the returned function ends it. Who has a turn already waits for younger ones only, else two
   * could wait for each other.
   * @throws {Fault} `source-busy` when it is an older one's turn
   */
  async enter(name: string, age: number, hasOthers: boolean, call: Call): Promise<() => void> {
    const turn = this.turns.get(name) ?? { gate: new Gate(1), users: new Set() };
    if (hasOthers && [...turn.users].some((other) => other < age))
      throw new Fault('source-busy', 'Another changes the same at this moment');
    this.turns.set(name, turn);
    turn.users.add(age);
    try {
      await turn.gate.enter(call);
    } catch (error) {
      this.left(name, turn, age);
      throw error;
    }
    return () => {
      turn.gate.leave();
      this.left(name, turn, age);
    };
  }

  private left(name: string, turn: Turn, age: number): void {
    turn.users.delete(age);
    if (turn.users.size === 0) this.turns.delete(name);
  }
}
