import { fold } from '../../source/fold.js';

/**
 * `fold` letter by letter: what each becomes, or nothing. Two strings for `translate`, whose second is shorter by the letters that
 * vanish. Beyond that only Hangul and their like are composed, which NFC does.
 */
export interface FoldTable {
  readonly from: string;
  readonly to: string;
}

/** Session settings that hold the tables: too long to be said in each statement. */
export const foldSettings = { latin: 'healthsync.fold_latin', all: 'healthsync.fold_all' } as const;

const blocks = [
  [0x80, 0x33ff],
  [0xa000, 0xabff],
  [0xf900, 0x16fff],
  [0x1b000, 0x1ffff],
  [0x2f800, 0x2fa1f],
  [0xe0100, 0xe01ef],
] as const;
const latin = /^(?:[\u0080-\u024f]|[\u0300-\u036f]|[\u1e00-\u1eff])$/;

let known: Readonly<Record<keyof typeof foldSettings, FoldTable>> | undefined;

/** Computed once: every letter that `fold` changes. */
export function foldTables(): Readonly<Record<keyof typeof foldSettings, FoldTable>> {
  if (known) return known;
  const letters = blocks
    .flatMap(([first, last]) => Array.from({ length: last - first + 1 }, (_, i) => first + i))
    .map((point) => String.fromCodePoint(point));
  const folded = fold(letters.join('\n')).split('\n');
  const changed = letters.map((letter, i) => [letter, folded[i]!] as const).filter(([a, b]) => a !== b);
  known = { latin: table(changed.filter(([letter]) => latin.test(letter))), all: table(changed) };
  return known;
}

function table(pairs: readonly (readonly [string, string])[]): FoldTable {
  const kept = pairs.filter(([, to]) => to !== '');
  const gone = pairs.filter(([, to]) => to === '');
  return {
    from: [...kept, ...gone].map(([letter]) => letter).join(''),
    to: kept.map(([, to]) => to).join(''),
  };
}

/** Most texts are ASCII, most others Latin: only what is neither looks through the long table. */
export function foldSql(text: string): string {
  const setting = (name: string, part: string) => `current_setting('${name}_${part}')`;
  const translated = (name: string) =>
    `lower(translate(${text}, ${setting(name, 'from')}, ${setting(name, 'to')}) COLLATE "C")`;
  return (
    `CASE WHEN octet_length(${text}) = char_length(${text}) THEN lower(${text} COLLATE "C") ` +
    String.raw`WHEN ${text} ~ '^[\u0001-\u024f\u0300-\u036f\u1e00-\u1eff]*$' THEN ${translated(foldSettings.latin)} ` +
    `ELSE normalize(${translated(foldSettings.all)}, NFC) COLLATE "C" END`
  );
}
