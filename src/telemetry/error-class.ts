/** The classes of an error and of its causes, outermost first: what a log may say of an error whose words may hold health data. */
export function errorClass(error: unknown): string {
  const classes: string[] = [];
  for (let at = error; at !== undefined && classes.length < 5; at = at instanceof Error ? at.cause : undefined) {
    const code = at instanceof Error && 'code' in at && typeof at.code === 'string' ? `(${at.code})` : '';
    classes.push(at instanceof Error ? `${at.constructor.name}${code}` : typeof at);
  }
  return classes.join(' < ');
}
