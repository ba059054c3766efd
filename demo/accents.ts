const STROKED: Readonly<Record<string, string>> = { ł: 'l', Ł: 'L', ø: 'o', Ø: 'O', đ: 'd', Đ: 'D', ß: 'ss', '’': "'" };

/** As typed on a keyboard without accents. */
export function withoutAccents(name: string): string {
  const plain = name.replace(/[łŁøØđĐß’]/g, (letter) => STROKED[letter]!);
  return plain.normalize('NFD').replace(/[\u0300-\u036f]/g, '');
}
