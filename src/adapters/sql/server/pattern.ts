/** What source/calendar.ts and source/evaluate.ts take for a value, as patterns that every server understands. */

const month = '(0[1-9]|1[0-2])';
const leap = '([0-9][0-9](0[48]|[2468][048]|[13579][26])|([02468][048]|[13579][26])00)';
const day = `([0-9]{4}-${month}-(0[1-9]|1[0-9]|2[0-8])|[0-9]{4}-(0[13-9]|1[0-2])-(29|30)|[0-9]{4}-(0[13578]|1[02])-31|${leap}-02-29)`;
const partial = `([0-9]{4}(-${month})?|${day})`;
const time = '([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.][0-9]{1,9})?)?';

export const patterns = {
  date: `^(?!0000)${partial}$`,
  dateTime: `^(?!0000)(${partial}|${day}[T ]${time}(Z|[+-][0-9][0-9]:[0-9][0-9])?)$`,
  instant: `^(?!0000)${day}[T ]([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]([.][0-9]{1,9})?(Z|[+]00:00)$`,
  integer: '^[+-]?[0-9]{1,19}$',
  decimal: '^[+-]?[0-9]+([.][0-9]+)?([eE][+-]?[0-9]{1,3})?$',
} as const;
