/** The classes of an error and of its causes, outermost first: what a log may say of an error whose words may hold health data. */
export function errorClass(error: unknown): string {
  const classes: string[] = [];
  for (let at = error; at !== undefined && at !== null && classes.length < 5; at = (at as { cause?: unknown }).cause) {
    const { code } = at as { code?: unknown };
    classes.push(`${at.constructor.name}${typeof code === 'string' ? `(${code})` : ''}`);
  }
  return classes.join(' < ');
}
