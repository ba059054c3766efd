import type { CodeableConcept, Identifier } from '@medplum/fhirtypes';
import { prefixes } from './criteria.js';
import { compareDecimals, type Decimal, decimal } from './decimal.js';
import type { Element } from './elements.js';
import type { Random } from './random.js';
import { dates, measures, type Text, targets, texts, tokens, tokenTexts } from './values.js';

/** One value of a search parameter: escaped, not yet URL-encoded; `tags` say what it exercises. */
export interface Drawn {
  readonly modifier?: string;
  readonly text: string;
  readonly tags: readonly string[];
}

/** Draws a value of a parameter type from an element that a resource has; undefined when the element offers none. */
export type Draw = (random: Random, element: Element, base: string) => Drawn | undefined;

export const draws: Record<string, Draw> = {
  string: drawString,
  token: drawToken,
  date: drawDate,
  number: drawMeasure,
  quantity: drawMeasure,
  reference: drawReference,
  uri: drawUri,
};

/** Escapes what R4 gives a meaning within a value (search.html#escaping). */
export function escaped(text: string): string {
  return text.replace(/[\\,$|]/g, '\\$&');
}

const metacharacters: Readonly<Record<string, string>> = {
  percent: '%',
  underscore: '_',
  backslash: '\\',
  quote: "'",
  'double-quote': '"',
  comma: ',',
  pipe: '|',
  dollar: '$',
};

/** Names of the characters and scripts in a text that a database or a URL might misread. */
export function textTags(text: string): string[] {
  const found = Object.entries(metacharacters).flatMap(([name, character]) =>
    text.includes(character) ? [`char:${name}`] : [],
  );
  if (/\p{M}/u.test(text)) found.push('char:decomposed');
  if (text.normalize('NFD') !== text) found.push('char:composed');
  if (/[\u{10000}-\u{10ffff}]/u.test(text)) found.push('char:astral');
  if (text.length > 200) found.push('char:long');
  return found;
}

function drawString(random: Random, element: Element): Drawn | undefined {
  const parts: Text[] = texts(element).filter(({ text }) => text.trim() !== '');
  if (parts.length === 0) return undefined;
  const letters = Array.from(random.pick(parts).text.replace(/\p{Cs}/gu, ''));
  const modifier = random.pick([undefined, undefined, 'contains', 'exact']);
  const start = modifier === 'contains' ? random.between(0, letters.length - 1) : 0;
  const end = modifier === 'exact' ? letters.length : random.between(start + 1, letters.length);
  const [form, text] = varyText(random, letters.slice(start, end).join(''));
  if (text.trim() === '') return undefined;
  return drawn(modifier, escaped(text.trim()), [`form:string-${form}`, ...textTags(text)]);
}

function varyText(random: Random, text: string): [string, string] {
  const form = random.pick([
    'same',
    'same',
    'upper',
    'lower',
    'accent',
    'plain',
    'decomposed',
    'metacharacter',
    'longer',
  ]);
  switch (form) {
    case 'upper':
      return [form, text.toUpperCase()];
    case 'lower':
      return [form, text.toLowerCase()];
    case 'accent':
      return [form, text.replace(/[aeinouc]/i, (letter) => `${letter}\u0301`.normalize('NFC'))];
    case 'plain':
      return [form, text.normalize('NFD').replace(/\p{M}/gu, '')];
    case 'decomposed':
      return [form, text.normalize(random.pick(['NFD', 'NFC']))];
    case 'metacharacter': {
      const letters = Array.from(text);
      letters.splice(
        random.between(0, letters.length),
        random.between(0, 1),
        random.pick(Object.values(metacharacters)),
      );
      return [form, letters.join('')];
    }
    case 'longer':
      return [form, `${text}x`];
    default:
      return ['same', text];
  }
}

/** R4 allows no `|` for booleans, contact points and ids; a `code` element has a system, so `|code` says nothing of it. */
const plain = new Set(['boolean', 'ContactPoint', 'string', 'id', 'uri']);

function drawToken(random: Random, element: Element): Drawn | undefined {
  const words = tokenTexts(element);
  if (words.length > 0 && random.chance(0.15)) return drawTokenText(random, element);
  const codings = tokens(element).filter(({ code }) => code !== undefined && code !== '');
  if (codings.length === 0) return words.length > 0 ? drawTokenText(random, element) : undefined;
  const { system, code } = random.pick(codings) as { system?: string; code: string };
  const modifier = random.chance(0.2) ? 'not' : undefined;
  const other = random.chance(0.1)
    ? random.pick(['zz-unknown', code.toUpperCase(), shortened(code) || 'z', `${code}%`])
    : code;
  const tag = other === code ? 'same' : 'other-code';
  const forms = plain.has(element.type) ? ['code'] : ['code', 'system|code', 'system|', 'wrong|code'];
  if (element.type !== 'code' && !plain.has(element.type)) forms.push('|code');
  const form = random.pick(forms.filter((each) => system !== undefined || !each.startsWith('system')));
  const left = form === '|code' ? '' : form.startsWith('wrong') ? 'urn:example:other' : escaped(system ?? '');
  const text = form === 'code' ? escaped(other) : `${left}|${form === 'system|' ? '' : escaped(other)}`;
  return drawn(modifier, text, [`form:token-${form}`, `form:token-${tag}`, ...textTags(code)]);
}

function drawTokenText(random: Random, element: Element): Drawn | undefined {
  const { text, coding = [] } = element.value as CodeableConcept;
  const identifier = (element.value as Identifier).type?.text;
  const own = element.type === 'Coding' ? (element.value as { display?: string }).display : undefined;
  const found = [text, identifier, own, ...coding.map(({ display }) => display)].filter((each) => each !== undefined);
  const letters = Array.from(random.pick(found));
  const [form, varied] = varyText(random, letters.slice(0, random.between(1, letters.length)).join(''));
  if (varied.trim() === '') return undefined;
  return drawn('text', escaped(varied.trim()), [`form:text-${form}`, ...textTags(varied)]);
}

const zones: Readonly<Record<string, number>> = { Z: 0, '': 0, '+02:00': 120, '-05:30': -330, '+13:00': 780 };
const lengths = { year: 4, month: 7, day: 10, minute: 16, second: 19, millisecond: 23 } as const;
const day = 86_400_000;
const steps = [0, 1, 1000, 60_000, day, 31 * day, 366 * day, 3660 * day];

function drawDate(random: Random, element: Element): Drawn | undefined {
  const bounds = dates(element).flatMap(({ low, high }) => [low, high].filter(Number.isFinite));
  if (bounds.length === 0) return undefined;
  const prefix = random.pick(['', ...prefixes]);
  const direction = /^(?:g|sa)/.test(prefix) ? -1 : /^(?:l|eb)/.test(prefix) ? 1 : random.pick([-1, 1]);
  const step = prefix === '' || prefix === 'eq' ? random.pick([0, 0, 0, ...steps]) : random.pick(steps);
  const at = random.pick(bounds) + (random.chance(0.15) ? -direction : direction) * step;
  const precision = random.pick(Object.keys(lengths)) as keyof typeof lengths;
  const zone = lengths[precision] > 10 ? random.pick(Object.keys(zones)) : '';
  const local = new Date(Math.min(Math.max(at, -62_135_000_000_000), 253_402_000_000_000) + zones[zone]! * 60_000);
  const text = local.toISOString().slice(0, lengths[precision]) + zone;
  if (!/^(?!0000)\d{4}(?:-|$)/.test(text)) return undefined;
  const zoned =
    zone === '' ? (lengths[precision] > 10 ? ['zone:none'] : []) : [zone === 'Z' ? 'zone:Z' : 'zone:offset'];
  return drawn(undefined, prefix + text, [`prefix:date-${prefix || 'none'}`, `precision:${precision}`, ...zoned]);
}

function drawMeasure(random: Random, element: Element): Drawn | undefined {
  const [found] = measures(element);
  const value = found?.low ?? found?.high;
  if (!found || !value) return undefined;
  const type = typeof element.value === 'object' ? 'quantity' : 'number';
  const prefix = random.pick(['', ...prefixes]);
  const [form, number] = varyNumber(random, value, /^(?:g|l|s|eb)/.test(prefix));
  const tags = [`prefix:${type}-${prefix || 'none'}`, `form:number-${form}`];
  const units = ['none', 'none'];
  if (type === 'quantity' && found.system !== undefined && found.code) units.push('system|code', 'wrong|code');
  if (type === 'quantity' && found.code) units.push('||code');
  if (type === 'quantity' && found.unit) units.push('||unit');
  const unit = random.pick(units);
  const suffixes: Readonly<Record<string, string>> = {
    none: '',
    'system|code': `|${escaped(found.system ?? '')}|${escaped(found.code ?? '')}`,
    'wrong|code': `|urn:example:other|${escaped(found.code ?? '')}`,
    '||code': `||${escaped(found.code ?? '')}`,
    '||unit': `||${escaped(found.unit ?? '')}`,
  };
  return drawn(undefined, prefix + number + suffixes[unit], type === 'number' ? tags : [...tags, `form:unit-${unit}`]);
}

/** An exponent only where the exact value counts: R4's implicit range of such a number is one example, not a rule. */
function varyNumber(random: Random, value: Decimal, exact: boolean): [string, string] {
  const text = numberText(value);
  const unit: Decimal = { digits: 1n, scale: value.scale };
  const forms = ['same', 'same', 'zeros', 'coarser', 'above', 'below', 'near', ...(exact ? ['exponent'] : [])];
  const form = random.pick(forms);
  switch (form) {
    case 'zeros':
      return [form, numberText({ digits: value.digits * 100n, scale: value.scale + 2 })];
    case 'coarser':
      return [form, value.scale === 0 ? text : numberText({ digits: value.digits / 10n, scale: value.scale - 1 })];
    case 'above':
      return [form, numberText({ digits: value.digits + unit.digits, scale: value.scale })];
    case 'below':
      return [form, numberText({ digits: value.digits - unit.digits, scale: value.scale })];
    case 'near':
      return [
        form,
        numberText({ digits: (value.digits * BigInt(random.between(88, 112))) / 100n, scale: value.scale }),
      ];
    case 'exponent':
      return [form, `${value.digits}e${-value.scale}`];
    default:
      return ['same', text];
  }
}

/** A decimal as plain text, its scale kept. */
export function numberText({ digits, scale }: Decimal): string {
  const sign = digits < 0n ? '-' : '';
  const magnitude = String(digits < 0n ? -digits : digits).padStart(scale + 1, '0');
  const text = scale === 0 ? magnitude : `${magnitude.slice(0, -scale)}.${magnitude.slice(-scale)}`;
  const zero = compareDecimals(decimal(text)!, { digits: 0n, scale: 0 }) === 0;
  return zero ? text : sign + text;
}

function drawReference(random: Random, element: Element, base: string): Drawn | undefined {
  const [target] = targets(element, base);
  if (!target) return undefined;
  const { type, id, url, identifier } = target;
  if (identifier?.code !== undefined && (random.chance(0.2) || (id ?? url) === undefined)) {
    const code = escaped(identifier.code);
    const form = random.pick(
      identifier.system === undefined ? ['code', '|code'] : ['code', 'system|code', 'system|', '|code'],
    );
    const left = form.startsWith('system') ? escaped(identifier.system ?? '') : '';
    const text = form === 'code' ? code : `${left}|${form === 'system|' ? '' : code}`;
    return drawn('identifier', text, [`form:identifier-${form}`]);
  }
  if (id === undefined) return url === undefined ? undefined : drawn(undefined, escaped(url), ['form:reference-url']);
  const form = random.pick([
    'id',
    'type/id',
    'type/id',
    'own-base',
    ':type',
    'foreign',
    'unknown',
    'other-type',
    'other-server',
  ]);
  switch (form) {
    case 'id':
      return drawn(undefined, id, [`form:reference-${form}`]);
    case 'own-base':
      return drawn(undefined, `${base}/${type}/${id}`, [`form:reference-${form}`]);
    case ':type':
      return drawn(type, id, [`form:reference-${form}`]);
    case 'foreign':
      return drawn(undefined, `${type}/zz-other.${id}`.slice(0, 60), [`form:reference-${form}`]);
    case 'unknown':
      return drawn(undefined, `${type}/no-such-id`, [`form:reference-${form}`]);
    case 'other-type':
      return drawn(undefined, `${type === 'Group' ? 'Device' : 'Group'}/${id}`, [`form:reference-${form}`]);
    case 'other-server':
      return drawn(undefined, `https://elsewhere.example/fhir/${type}/${id}`, [`form:reference-${form}`]);
    default:
      return drawn(undefined, `${type}/${id}`, [`form:reference-${form}`]);
  }
}

function drawUri(random: Random, element: Element): Drawn {
  const text = String(element.value);
  const form = random.pick(['same', 'same', 'shorter', 'upper']);
  const varied = form === 'shorter' ? shortened(text) || 'x' : form === 'upper' ? text.toUpperCase() : text;
  return drawn(undefined, escaped(varied), [`form:uri-${form}`]);
}

function drawn(modifier: string | undefined, text: string, tags: readonly string[]): Drawn {
  return { text, tags, ...(modifier !== undefined && { modifier }) };
}

/** Without its last character, which may be two UTF-16 units. */
function shortened(text: string): string {
  return Array.from(text).slice(0, -1).join('');
}
