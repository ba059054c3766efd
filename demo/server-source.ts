import type { Points } from './load/influxdb.js';
import type { Collections } from './load/mongodb.js';
import type { Graph } from './load/neo4j.js';
import type { Tables } from './load/tables.js';
import type { Note } from './served.js';

/** What the generator of a source on a server is handed. */
export interface Commission {
  /** The same seed gives the same rows. */
  readonly seed: number;
  /** Patient records over all four hospitals; a source has its share of them (cohort.ts). */
  readonly patients: number;
  /** Told, as each row is made, which resources it must be served as. */
  readonly served: Note;
}

/** A source on a server: the kind of database, and what it holds, as streams that are read once and in order. */
export type ServerSource =
  | { readonly kind: 'mysql' | 'postgres'; readonly generate: (commission: Commission) => Tables }
  | { readonly kind: 'mongodb'; readonly generate: (commission: Commission) => Collections }
  | { readonly kind: 'influxdb'; readonly generate: (commission: Commission) => Points }
  | { readonly kind: 'neo4j'; readonly generate: (commission: Commission) => Graph };
