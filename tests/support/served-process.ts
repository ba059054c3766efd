import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../../dist/src/main.js', import.meta.url));

export interface ServedProcess {
  readonly baseUrl: string;
  readonly process: ChildProcess;
  /** Ends it by a signal, and waits for its end. */
  kill(signal: 'SIGKILL' | 'SIGTERM'): Promise<void>;
}

/** `healthsync serve` of a configuration as a process of its own, on a free port. */
export async function serveProcess(config: string): Promise<ServedProcess> {
  const child = spawn(process.execPath, [main, 'serve', '--config', config, '--port', '0'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (part) => (said += part));
  const ended = once(child, 'exit');
  for await (const line of createInterface({ input: child.stdout })) {
    const baseUrl = /^HealthSync serves (\S+)/.exec(line)?.[1];
    if (baseUrl === undefined) continue;
    child.stdout.resume();
    return {
      baseUrl,
      process: child,
      async kill(signal) {
        child.kill(signal);
        await ended;
      },
    };
  }
  throw new Error(`it does not serve: ${said}`);
}
