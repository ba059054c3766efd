import type { Call } from './adapter.js';
import { whileWanted } from './wanted.js';

/** Lets a number of calls run at a time; the others wait in line, no longer than they are wanted. */
export class Gate {
  private readonly line: (() => void)[] = [];

  constructor(private places: number) {}

  /** Places that nobody holds. */
  get free(): number {
    return this.places;
  }

  /** Those who wait for a place. */
  get waiting(): number {
    return this.line.length;
  }

  /** Takes a place if one is free; `leave` gives it back. */
  enterAtOnce(): boolean {
    if (this.places === 0) return false;
    this.places--;
    return true;
  }

  /** Waits for a place; the returned function gives it back. */
  async enter(call: Call): Promise<() => void> {
    if (!this.enterAtOnce()) await this.turn(call);
    return () => this.leave();
  }

  leave(): void {
    const next = this.line.shift();
    if (next) next();
    else this.places++;
  }

  private async turn(call: Call): Promise<void> {
    let admit = () => {};
    const admitted = new Promise<void>((resolve) => {
      admit = resolve;
    });
    this.line.push(admit);
    await whileWanted(admitted, call, () => {
      const at = this.line.indexOf(admit);
      if (at >= 0) this.line.splice(at, 1);
      else this.leave();
    });
  }
}
