/** A set of texts that keeps a 53-bit hash of each (8 bytes) instead of the text: `add` may say "seen" of one that was not. */
export class HashSet {
  private slots = new Float64Array(1 << 12);
  private size = 0;

  /** False when the text, or one of the same hash, is in the set already. */
  add(text: string): boolean {
    if (this.size * 2 > this.slots.length) this.grow();
    const hash = HashSet.hash(text);
    if (!insert(this.slots, hash)) return false;
    this.size++;
    return true;
  }

  /** Never 0. Two 32-bit multiplicative hashes side by side. */
  static hash(text: string): number {
    let high = 0xdeadbeef;
    let low = 0x41c6ce57;
    for (let i = 0; i < text.length; i++) {
      const unit = text.charCodeAt(i);
      high = Math.imul(high ^ unit, 2654435761);
      low = Math.imul(low ^ unit, 1597334677);
    }
    high = Math.imul(high ^ (high >>> 16), 2246822507) ^ Math.imul(low ^ (low >>> 13), 3266489909);
    low = Math.imul(low ^ (low >>> 16), 2246822507) ^ Math.imul(high ^ (high >>> 13), 3266489909);
    return 4294967296 * (2097151 & low) + (high >>> 0) + 1;
  }

  private grow(): void {
    const old = this.slots;
    this.slots = new Float64Array(old.length * 2);
    for (const hash of old) if (hash !== 0) insert(this.slots, hash);
  }
}

function insert(slots: Float64Array, hash: number): boolean {
  const mask = slots.length - 1;
  for (let at = hash % slots.length; ; at = (at + 1) & mask) {
    if (slots[at] === hash) return false;
    if (slots[at] === 0) {
      slots[at] = hash;
      return true;
    }
  }
}
