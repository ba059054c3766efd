import type { Json, JsonObject } from './json.js';

type Kind = 'schemas' | 'parameters' | 'headers' | 'responses';

/** What the document says once and refers to where it is meant. */
export class Components {
  readonly #made: Readonly<Record<Kind, Map<string, JsonObject>>> = {
    schemas: new Map(),
    parameters: new Map(),
    headers: new Map(),
    responses: new Map(),
  };

  /** A reference to the component of that name, or where the name stands for something else, of a name that `or` gives. */
  refer(kind: Kind, name: string, component: JsonObject, or?: string): JsonObject {
    const made = this.#made[kind];
    const before = made.get(name);
    if (before !== undefined && JSON.stringify(before) !== JSON.stringify(component)) {
      if (or === undefined) throw new Error(`Two ${kind} are called ${name}.`);
      return this.refer(kind, or, component);
    }
    made.set(name, component);
    return { $ref: `#/components/${kind}/${name}` };
  }

  /** All of them, by kind and name. */
  toJson(): JsonObject {
    return Object.fromEntries(
      Object.entries(this.#made).map(([kind, made]): [string, Json] => [
        kind,
        Object.fromEntries([...made].sort(([a], [b]) => (a < b ? -1 : 1))),
      ]),
    );
  }
}
