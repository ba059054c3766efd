import { Fault } from '../errors/fault.js';

/** Keys of a source whose text may hold a secret, and so may hold `${NAME}`. */
const secretKeys = new Set(['location']);

/**
 * The document with each `${NAME}` replaced by that environment variable. Throws a Fault `configuration` that names a missing
 * variable, or the place of a `${` where no secret belongs.
 */
export function withSecrets(
  document: unknown,
  environment: Readonly<Record<string, string | undefined>>,
  place = '',
): unknown {
  if (Array.isArray(document))
    return document.map((item, index) => withSecrets(item, environment, `${place}[${index}]`));
  if (typeof document === 'object' && document !== null) {
    return Object.fromEntries(
      Object.entries(document).map(([key, value]) => [
        key,
        withSecrets(value, environment, place === '' ? key : `${place}.${key}`),
      ]),
    );
  }
  if (typeof document !== 'string' || !document.includes('${')) return document;
  if (!secretKeys.has(place.split('.').at(-1)!)) {
    throw new Fault(
      'configuration',
      `${place} may not take a value from the environment; only ${[...secretKeys].join(', ')} may.`,
    );
  }
  return document.replace(/\$\{([^}]*)\}/g, (_, name: string) => {
    const value = environment[name];
    if (value === undefined)
      throw new Fault('configuration', `${place} needs the environment variable ${name}, which is not set.`);
    return value;
  });
}
