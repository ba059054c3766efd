/** A code is a name of its driver's; what has spaces or more letters than that may be words. */
const symbol = /^[A-Za-z][\w.-]{0,59}$|^\w{5}$/;

/** The classes of an error and of its causes, outermost first: what a log may say of an error whose words may hold health data. */
export function errorClass(error: unknown): string {
  const classes: string[] = [];
  for (let at = error; at !== undefined && at !== null && classes.length < 5; at = (at as { cause?: unknown }).cause) {
    const { code } = at as { code?: unknown };
    const name = Object(at).constructor?.name ?? 'Object';
    classes.push(typeof code === 'string' && symbol.test(code) ? `${name}(${code})` : name);
  }
  return classes.join(' < ');
}
