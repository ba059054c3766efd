import { setTimeout as wait } from 'node:timers/promises';

/** The adapter itself, each answer of which sets out `delay` milliseconds later. */
export function late(adapter, delay) {
  return new Proxy(adapter, {
    get(target, name) {
      const own = target[name];
      if (typeof own !== 'function') return own;
      // What is had at once is not late.
      if (name === 'scanAtOnce') return undefined;
      if (name === 'scan')
        return async function* (...args) {
          await wait(delay);
          yield* target.scan(...args);
        };
      if (name === 'get' || name === 'count')
        return async (...args) => {
          await wait(delay);
          return target[name](...args);
        };
      return own.bind(target);
    },
  });
}
