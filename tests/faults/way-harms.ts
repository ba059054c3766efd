import type { FaultProxy, Way } from '../support/fault-proxy.js';
import type { Harm, HarmName } from './harm.js';

type OnTheWay = 'refused' | 'slow' | 'dies mid-stream' | 'half-open TCP' | 'garbage on the wire';

/** What happens on the way to a server, whatever its kind. */
export function wayHarms(proxy: FaultProxy): Readonly<Record<OnTheWay & HarmName, Harm>> {
  return {
    refused: byWay(proxy, 'refuse'),
    slow: byWay(proxy, 'delay'),
    'dies mid-stream': byWay(proxy, 'cut'),
    'half-open TCP': byWay(proxy, 'stop'),
    'garbage on the wire': byWay(proxy, 'garbage'),
  };
}

/** A server that has as many connections as it may: it takes one more and closes it at once. */
export function full(proxy: FaultProxy): Harm {
  return async () => {
    await proxy.set('full');
    proxy.cutAll();
    return () => proxy.set('forward');
  };
}

function byWay(proxy: FaultProxy, way: Way): Harm {
  return async () => {
    await proxy.set(way);
    return () => proxy.set('forward');
  };
}

/** The server takes a moment to see that a session has gone. */
export async function until<T>(ask: () => Promise<T>): Promise<T> {
  for (const deadline = performance.now() + 5_000; ; ) {
    try {
      return await ask();
    } catch (error) {
      if (performance.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}
