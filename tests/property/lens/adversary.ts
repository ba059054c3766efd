import type { Random } from '#demo/random.js';

/** Resources as clients send them that mean ill, or do not know the mapping: a sound one with one to three changes in it. */

type Json = unknown;

/** A place in a resource: the container and the name or index in it. */
interface Place {
  readonly container: Record<string, Json> | Json[];
  readonly at: string | number;
}

const servers = new Set(['resourceType', 'id', 'meta']);

function places(value: Json, found: Place[] = [], top = true): Place[] {
  if (Array.isArray(value))
    value.forEach((one, at) => {
      found.push({ container: value, at });
      places(one, found, false);
    });
  else if (typeof value === 'object' && value !== null)
    for (const [at, one] of Object.entries(value)) {
      if (top && servers.has(at)) continue;
      found.push({ container: value as Record<string, Json>, at });
      places(one, found, false);
    }
  return found;
}

const texts = [
  'Smith',
  'Zoë',
  'O’Neil',
  ' padded ',
  '',
  'N/A',
  'a,b',
  'x/y',
  '120/80',
  'İstanbul',
  '0',
  '1.50',
  '2024-02-30',
  '2024-02-29',
  '1999-12-31T23:59:59Z',
  '2024-03-31T02:30:00+05:30',
  '2024-06-01T10:00:00.250+02:00',
  'male',
  'final',
  'unknown',
  'active',
  'Patient/none',
  'http://example.org',
  "'; DROP TABLE x;--",
  '\u0000',
  '\ud800',
  'x'.repeat(300),
  'true',
  'None',
  'null',
];
const numbers = [0, -1, 1, 72.5, 1e21, 0.1, 98765432109876, 1e-7];

function other(random: Random, value: Json): Json {
  const like = random.chance(0.7) ? typeof value : random.pick(['string', 'number', 'boolean', 'object']);
  if (like === 'string') {
    if (typeof value === 'string' && random.chance(0.4))
      return random.pick([`${value}x`, value.toUpperCase(), value.slice(1), ` ${value}`]);
    return random.pick(texts);
  }
  if (like === 'number') return random.pick(numbers);
  if (like === 'boolean') return !value;
  return random.pick<Json>([{}, [], { text: random.pick(texts) }, [random.pick(texts)], null]);
}

/** One change somewhere; what it was, in a word. */
const changes: Readonly<Record<string, (random: Random, at: Place) => void>> = {
  replace: (random, { container, at }) => {
    const held = container as Record<string | number, Json>;
    if (typeof held[at] === 'object' && random.chance(0.8)) return;
    held[at] = other(random, held[at]);
  },
  remove: (_, { container, at }) => {
    if (Array.isArray(container)) container.splice(at as number, 1);
    else delete container[at as string];
  },
  add: (random, { container, at }) => {
    if (Array.isArray(container)) container.splice(at as number, 0, other(random, container[at as number]));
    else
      container[random.pick(['extra', 'text', 'value', 'use', 'extension', 'display', '_family', 'code', 'period'])] =
        random.pick<Json>(['x', 1, { a: 'b' }, [{ url: 'http://x', valueString: 'y' }]]);
  },
  repeat: (random, { container, at }) => {
    if (Array.isArray(container)) container.push(structuredClone(container[at as number]));
    else if (Array.isArray(container[at]))
      (container[at] as Json[]).push(structuredClone(random.pick(container[at] as Json[])));
  },
  reorder: (_, { container }) => {
    if (Array.isArray(container)) container.reverse();
  },
  swap: (random, { container }) => {
    const names = Object.keys(container).filter((name) => !servers.has(name));
    const [one, two] = [random.pick(names), random.pick(names)];
    const held = container as Record<string, Json>;
    [held[one], held[two]] = [held[two], held[one]];
  },
};

export function adversarial<T extends object>(resource: T, random: Random): T {
  const copy = structuredClone(resource);
  for (let n = random.integer(1, 3); n > 0; n--) {
    const all = places(copy);
    if (all.length === 0) break;
    changes[random.pick(Object.keys(changes))]!(random, random.pick(all));
  }
  return copy;
}
