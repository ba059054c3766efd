/** What `check` can find; docs/check.md says what each means and what to do. */
export const findingKinds = [
  'type-error',
  'not-type-checked',
  'unloadable',
  'example-differs',
  'no-example',
  'source-away',
  'missing-table',
  'missing-column',
  'unmapped-column',
  'left-out-column',
  'unread-table',
  'column-type',
  'key-not-unique',
  'duplicate-key',
  'lossy-element',
  'code-without-inverse',
  'unknown-code',
  'undecodable-value',
  'scan',
  'constant',
  'interactions',
] as const;

export type FindingKind = (typeof findingKinds)[number];

/** One thing to know of a source or a mapping. It never holds what a row says of a person: of data, only texts of coded columns. */
export interface Finding {
  readonly severity: 'error' | 'warning' | 'information';
  readonly kind: FindingKind;
  readonly source: string;
  readonly mapping?: string;
  /** File and line, table and column, element, or search parameter. */
  readonly place: string;
  readonly message: string;
}
