import { type DestinationStream, destination, type Logger, pino } from 'pino';

export type { Logger } from 'pino';

/**
 * JSON lines on standard error, buffered so that a request does not wait for the terminal. No line holds health data: a request is
 * named by method, interaction and type, never by its query or an id.
 */
export function createLogger(
  stream: DestinationStream = destination({ dest: 2, sync: false, minLength: 4096, periodicFlush: 1000 }),
): Logger {
  return pino({ base: null, level: 'info' }, stream);
}
