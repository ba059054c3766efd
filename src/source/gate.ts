import type { Call } from './adapter.js';
import { whileWanted } from './wanted.js';

/** Lets a number of calls run at a time; the others wait in line, no longer than they are wanted. */
export class Gate {
  private readonly waiting: (() => void)[] = [];

  constructor(private free: number) {}

  /** Waits for a place; the returned function gives it back. */
  async enter(call: Call): Promise<() => void> {
    if (this.free > 0) this.free--;
    else await this.turn(call);
    return () => this.leave();
  }

  private async turn(call: Call): Promise<void> {
    let admit = () => {};
    const admitted = new Promise<void>((resolve) => {
      admit = resolve;
    });
    this.waiting.push(admit);
    await whileWanted(admitted, call, () => {
      const at = this.waiting.indexOf(admit);
      if (at >= 0) this.waiting.splice(at, 1);
      else this.leave();
    });
  }

  private leave(): void {
    const next = this.waiting.shift();
    if (next) next();
    else this.free++;
  }
}
