import { Fault } from '../../errors/fault.js';
import type { Call } from '../../source/adapter.js';
import { Gate } from '../../source/gate.js';

interface Turn {
  readonly gate: Gate;
  users: number;
}

/** Those who write here take turns by names (of rows): else they would meet in the server, and one of them would have to begin anew. */
export class Turns {
  private readonly turns = new Map<string, Turn>();

  /** Waits for the turn of a name; the returned function ends it. */
  async enter(name: string, call: Call): Promise<() => void> {
    const turn = this.turn(name);
    try {
      await turn.gate.enter(call);
    } catch (error) {
      this.left(name, turn);
      throw error;
    }
    return () => this.leave(name, turn);
  }

  /**
   * As `enter`, for who has begun: waiting could be for ever.
   * @throws {Fault} `source-busy` when it is another's turn
   */
  enterAtOnce(name: string): () => void {
    const turn = this.turn(name);
    if (turn.gate.enterAtOnce()) return () => this.leave(name, turn);
    this.left(name, turn);
    throw new Fault('source-busy', 'Another changes the same at this moment');
  }

  private turn(name: string): Turn {
    const turn = this.turns.get(name) ?? { gate: new Gate(1), users: 0 };
    this.turns.set(name, turn);
    turn.users++;
    return turn;
  }

  private leave(name: string, turn: Turn): void {
    turn.gate.leave();
    this.left(name, turn);
  }

  private left(name: string, turn: Turn): void {
    turn.users--;
    if (turn.users === 0) this.turns.delete(name);
  }
}
