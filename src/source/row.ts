/** What a source hands over: rows as arrays, in the order of the columns that the scan asked for. */

/**
 * One value as the database holds it. 64-bit integers beyond 2^53 are `bigint`; decimals of exact types are `string`;
 * a nested array or object of a document is the parsed JSON value (`as: 'json'`).
 */
export type Cell = string | number | bigint | boolean | null | Json;
export type Json = readonly unknown[] | { readonly [name: string]: unknown };
export type Row = readonly Cell[];
