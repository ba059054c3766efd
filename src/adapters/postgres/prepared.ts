/** So many statements a session keeps prepared. */
const most = 100;

/**
 * Which statements of a session the server has prepared: those that came again, since to plan one costs more than most take. The
 * ones that have not come for longest make room.
 */
export class Prepared {
  /** Names by text, in the order of their last use; no name yet: it came once. */
  private readonly names = new Map<string, string | undefined>();
  private given = 0;

  /** The name to prepare the statement by, if it came before; and one that is to be let go for it. */
  nameOf(text: string): { readonly name?: string; readonly dropped?: string } {
    if (!this.names.has(text)) {
      this.names.set(text, undefined);
      return this.room();
    }
    const name = this.names.get(text) ?? `hs_${this.given++}`;
    this.names.delete(text);
    this.names.set(text, name);
    return { name };
  }

  forget(): void {
    this.names.clear();
  }

  private room(): { readonly dropped?: string } {
    if (this.names.size <= most) return {};
    const [text, dropped] = this.names.entries().next().value!;
    this.names.delete(text);
    return dropped === undefined ? {} : { dropped };
  }
}
