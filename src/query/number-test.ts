import { Decimal } from '../fhir/decimal.js';
import type { ElementTest, Json } from '../fhir/values-at.js';
import { compareDecimal, decimalText } from '../source/decimal.js';
import type { NumberValue, QuantityValue } from './query.js';

/** What is known of a number: from `low` to `high`, unbounded where undefined, without the bound itself where it is open. */
interface Interval {
  readonly low?: string;
  readonly high?: string;
  readonly openLow?: boolean;
  readonly openHigh?: boolean;
}

type Sought = Omit<NumberValue, 'kind'>;

const integers = new Set(['integer', 'positiveInt', 'unsignedInt']);

/** R4 search.html#number. */
export function numberTest(values: readonly NumberValue[], type: string): ElementTest | undefined {
  const integer = integers.has(type);
  const read = type === 'decimal' || integer ? pointOf : type === 'Range' ? rangeOf : undefined;
  if (!read) return undefined;
  return (value) => {
    const target = read(value);
    return target !== undefined && values.some((search) => matchesNumber(search, target, integer));
  };
}

/** R4 search.html#quantity: the number as in a number search; a system asks for the coded unit, a unit alone for code or unit. */
export function quantityTest(values: readonly QuantityValue[], type: string): ElementTest | undefined {
  switch (type) {
    case 'Quantity':
    case 'Age':
    case 'Duration':
    case 'Count':
    case 'Distance':
      return (value) => some(values, quantityOf(value as Json), [value as Json]);
    case 'Money':
      return (value) => some(values, pointOf((value as Json).value), [asQuantity(value as Json)]);
    case 'Range':
      return (value) => {
        const { low, high } = value as { low?: Json; high?: Json };
        return some(
          values,
          rangeOf(value),
          [low, high].filter((bound) => bound !== undefined),
        );
      };
    default:
      return undefined;
  }
}

/** The exact decimal text of an element for sorting: of a Range its lower bound, or the upper. */
export function decimalOf(value: unknown): string | undefined {
  if (typeof value !== 'object' || value instanceof Decimal) return numberText(value);
  const { value: own, low, high } = value as { value?: unknown; low?: Json; high?: Json };
  return numberText(own ?? low?.value ?? high?.value);
}

function some(values: readonly QuantityValue[], target: Interval | undefined, units: readonly Json[]): boolean {
  if (target === undefined) return false;
  return values.some(
    (search) => units.every((unit) => matchesUnit(search, unit)) && matchesNumber(search, target, false),
  );
}

function matchesUnit({ system, code }: QuantityValue, unit: Json): boolean {
  if (system !== undefined) return unit.system === system && (code === undefined || unit.code === code);
  return code === undefined || unit.code === code || unit.unit === code;
}

/** R4 search.html#quantity: the implicit system of a currency is ISO 4217. */
function asQuantity(money: Json): Json {
  return { system: 'urn:iso:std:iso:4217', code: money.currency };
}

function numberText(value: unknown): string | undefined {
  if (typeof value === 'number') return decimalText(String(value));
  return value instanceof Decimal ? decimalText(value.text) : undefined;
}

function pointOf(value: unknown): Interval | undefined {
  const text = numberText(value);
  return text === undefined ? undefined : { low: text, high: text };
}

/** A comparator says that the true value lies on one side of the stated one (R4 datatypes.html#Quantity). */
function quantityOf(quantity: Json): Interval | undefined {
  const text = numberText(quantity.value);
  if (text === undefined) return undefined;
  switch (quantity.comparator) {
    case '<':
      return { high: text, openHigh: true };
    case '<=':
      return { high: text };
    case '>':
      return { low: text, openLow: true };
    case '>=':
      return { low: text };
    default:
      return { low: text, high: text };
  }
}

function rangeOf(value: unknown): Interval | undefined {
  const { low, high } = value as { low?: Json; high?: Json };
  const from = numberText(low?.value);
  const to = numberText(high?.value);
  if (from === undefined && to === undefined) return undefined;
  return { ...(from !== undefined && { low: from }), ...(to !== undefined && { high: to }) };
}

function matchesNumber(search: Sought, target: Interval, integer: boolean): boolean {
  const { value } = search;
  const { low, high } = target;
  switch (search.prefix) {
    case 'eq':
      return equals(search, target, integer);
    case 'ne':
      return !equals(search, target, integer);
    case 'gt':
      return high === undefined || compareDecimal(high, value) > 0;
    case 'ge':
      return high === undefined || reaches(compareDecimal(high, value), target.openHigh);
    case 'lt':
      return low === undefined || compareDecimal(low, value) < 0;
    case 'le':
      return low === undefined || reaches(-compareDecimal(low, value), target.openLow);
    case 'sa':
      return low !== undefined && reachesBeyond(compareDecimal(low, value), target.openLow);
    case 'eb':
      return high !== undefined && reachesBeyond(-compareDecimal(high, value), target.openHigh);
    case 'ap':
      return (
        (high === undefined || compareDecimal(high, search.low) >= 0) &&
        (low === undefined || compareDecimal(low, search.high) < 0)
      );
  }
}

/** Containment in the search value's implicit range; an integer has no fraction to be rounded, so it must be equal. */
function equals(search: Sought, { low, high, openHigh }: Interval, integer: boolean): boolean {
  if (low === undefined || high === undefined) return false;
  if (integer) return compareDecimal(low, search.value) === 0;
  const above = compareDecimal(high, search.high);
  return compareDecimal(low, search.low) >= 0 && (above < 0 || (above === 0 && openHigh === true));
}

function reaches(order: number, open: boolean | undefined): boolean {
  return order > 0 || (order === 0 && !open);
}

function reachesBeyond(order: number, open: boolean | undefined): boolean {
  return order > 0 || (order === 0 && open === true);
}
