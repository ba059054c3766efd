/** Who asks. Until there is sign-in, one built-in caller, `local`, may do everything. */
export interface Caller {
  readonly name: string;
  /** Resource types the caller may read and search; nothing named is nothing granted. */
  readonly mayRead: (type: string) => boolean;
  /** Resource types the caller may create, change and delete. */
  readonly mayWrite: (type: string) => boolean;
}

export const local: Caller = { name: 'local', mayRead: () => true, mayWrite: () => true };
