import { instantsOf, offsetAt, offsetText } from '../../fhir/time-zone.js';
import type { Expression } from '../../source/expression.js';
import { FALSE, or, type Selection, TRUE } from '../../source/selection.js';
import { type Bracket, exactly, never } from '../bracket.js';
import { type Codec, EncodeError, type ValueTest } from '../codec.js';
import { byEnds } from '../search/date.js';
import { sameMoment } from '../write/agrees.js';
import { held } from './held.js';

const was = held('dateTime');
const day = 86_400_000;
const parts = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d)(?::(\d\d)(\.\d+)?)?(Z|[+-]\d\d:\d\d)?$/;

/**
 * Date and time as a FHIR dateTime. A wall time without offset is read in the source's zone; one that the zone's clocks skip
 * or show twice names no instant, and is served as its day.
 */
export function dateTime(zone: string): Codec<string> {
  return {
    kind: 'normalising',
    as: 'dateTime',
    type: 'dateTime',
    table: zone,
    decode: (value) => decode(value as string, zone),
    encode: (value, previous) => {
      const text = was(previous);
      if (text !== null && decode(text as string, zone) === value) return previous!;
      return text !== null && parts.exec(text as string)?.[5] !== undefined ? value : wallTime(value, zone);
    },
    preimage,
    // Texts with and without offsets, and with either separator, do not order as their instants do.
    order: () => undefined,
  };
}

/** A moment as the clocks of the zone show it: it is how a column without offsets keeps it, and every other reads it alike. */
function wallTime(value: string, zone: string): string | EncodeError {
  const match = parts.exec(value);
  if (match?.[5] === undefined) return value;
  const at = Date.parse(`${match[1]}T${match[2]}:${match[3] ?? '00'}${match[5]}`);
  const wall = at + offsetAt(zone, at) * 60_000;
  if (instantsOf(zone, wall).length !== 1) return new EncodeError('The clocks of the source show that time twice.');
  const text = new Date(wall).toISOString().slice(0, 19).replace('T', ' ') + (match[4] ?? '');
  // Clocks of the first centuries have offsets of seconds.
  return sameMoment(decode(text, zone), value) ? text : value;
}

function decode(text: string, zone: string): string {
  const match = parts.exec(text);
  if (!match) return text;
  const [, date, time, seconds = '00', fraction = '', offset] = match;
  const wall = `${date}T${time}:${seconds}${fraction}`;
  if (offset !== undefined) return wall + offset;
  const at = Date.parse(`${date}T${time}:${seconds}Z`);
  const instants = instantsOf(zone, at);
  return instants.length === 1 ? wall + offsetText((at - instants[0]!) / 60_000) : date!;
}

/** Whole days around the boundary are left to the residual filter: no zone is further than 14 hours from UTC. */
function preimage(test: ValueTest, of: Expression): Bracket {
  if (test.test === 'present') return exactly({ op: 'present', of });
  if (test.test === 'equals') return { lo: FALSE, hi: { op: 'present', of } };
  if (test.test === 'range') {
    return byEnds(test, {
      present: exactly({ op: 'present', of }),
      low: (than, at) => preimage({ test: 'low', than, at }, of),
      high: (than, at) => preimage({ test: 'high', than, at }, of),
    });
  }
  if (test.test !== 'low' && test.test !== 'high') return never;
  const below = test.than === 'lt' || test.than === 'le';
  const text = dayText(test.at + (below ? 2 : -2) * day);
  if (text === undefined) return { lo: FALSE, hi: TRUE };
  const asked = dayText(test.at);
  const shorter = [text, ...(asked ? [asked] : [])].flatMap((t) => [t.slice(0, 4), t.slice(0, 7)]);
  const bound: Selection = { op: 'compare', of, test: below ? 'lt' : 'ge', value: text };
  return { lo: FALSE, hi: or(bound, { op: 'in', of, values: [...new Set(shorter)] }) };
}

function dayText(at: number): string | undefined {
  if (!Number.isFinite(at) || Math.abs(at) > 8e15) return undefined;
  const text = new Date(at).toISOString();
  return /^\d{4}-/.test(text) ? text.slice(0, 10) : undefined;
}
