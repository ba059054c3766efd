/** A piece of SQL with its bound values, in the order of their `?`. Values are never written into the text. */
export interface Fragment {
  readonly text: string;
  readonly values: readonly unknown[];
  /** The parts of a conjunction, so that a larger one says each once. */
  readonly conjuncts?: readonly Fragment[];
}

const none: readonly unknown[] = [];

export const TRUE: Fragment = { text: 'TRUE', values: none };
export const FALSE: Fragment = { text: 'FALSE', values: none };

/** SQL text without values: keywords, quoted identifiers. */
export function plain(text: string): Fragment {
  return { text, values: none };
}

/** One bound value. */
export function bound(value: unknown): Fragment {
  return { text: '?', values: [value] };
}

/** Fragments and SQL text, concatenated: sql`${column} = ${bound(value)}`. */
export function sql(strings: TemplateStringsArray, ...parts: readonly (Fragment | string)[]): Fragment {
  let text = strings[0]!;
  const values: unknown[] = [];
  parts.forEach((part, i) => {
    if (typeof part === 'string') text += part;
    else {
      text += part.text;
      values.push(...part.values);
    }
    text += strings[i + 1]!;
  });
  return { text, values };
}

export function joined(parts: readonly Fragment[], separator: string): Fragment {
  if (parts.length === 1) return parts[0]!;
  let text = parts[0]?.text ?? '';
  for (let i = 1; i < parts.length; i++) text += separator + parts[i]!.text;
  return { text, values: parts.flatMap(({ values }) => values) };
}

export function all(parts: readonly Fragment[]): Fragment {
  const needed: Fragment[] = [];
  for (const one of parts) {
    for (const part of one.conjuncts ?? [one]) {
      if (part === FALSE) return FALSE;
      if (part !== TRUE && !needed.some((other) => same(other, part))) needed.push(part);
    }
  }
  if (needed.length <= 1) return needed[0] ?? TRUE;
  return { ...sql`(${joined(needed, ' AND ')})`, conjuncts: needed };
}

export function any(parts: readonly Fragment[]): Fragment {
  const needed = parts.filter((part) => part !== FALSE);
  if (needed.includes(TRUE)) return TRUE;
  if (needed.length <= 1) return needed[0] ?? FALSE;
  return sql`(${joined(needed, ' OR ')})`;
}

function same(a: Fragment, b: Fragment): boolean {
  return (
    a.text === b.text && a.values.length === b.values.length && a.values.every((value, i) => value === b.values[i])
  );
}
