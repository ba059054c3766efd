/** `healthsync/mapping`: what a mapping folder imports, inside this repository or outside it. */
export type { Bracket } from './bracket.js';
export { always, exactly, never, unknown } from './bracket.js';
export { type Codec, EncodeError, type ValueTest } from './codec.js';
export { ownCode } from './codecs/own-code.js';
export {
  and,
  type BindingOptions,
  binary,
  type ColumnDefinition,
  type ColumnType,
  type Content,
  constant,
  type DocumentIndex,
  distinct,
  each,
  keylessTable,
  linked,
  type Mapping,
  type MappingDefinition,
  map,
  not,
  or,
  type ReferenceOptions,
  Rows,
  reference,
  table,
  valuesOf,
  when,
} from './define.js';
export type { IdScheme } from './id-scheme.js';
export type { Binding, Template } from './template.js';
