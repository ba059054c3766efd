/** One name of a path, with what R4's search expressions do to it. */
export interface Segment {
  readonly name: string;
  /** `(a.b as T)` and `a.b.as(T)`. */
  readonly as?: string;
  /** `where(name='equals')`. */
  readonly where?: { readonly name: string; readonly equals: string };
  /** `where(resolve() is T)`. */
  readonly target?: string;
}

const cast = /^\(\s*([\w.]+)\s+as\s+(\w+)\s*\)(.*)$/;
const token =
  /^(?:\.?as\((\w+)\)|\.?where\(resolve\(\) is (\w+)\)|\.?where\((\w+)\s*=\s*'([^']*)'\)|\.?(\w+)(?![\w(]))/;

/**
 * Parses the five FHIRPath productions that R4's SearchParameter.expression uses: path, `(path as T)`, `.as(T)`,
 * `.where(a='c')`, `.where(resolve() is T)`, in a union. Undefined for anything else.
 */
export function parseAlternatives(expression: string): readonly (readonly Segment[])[] | undefined {
  const alternatives: (readonly Segment[])[] = [];
  for (const text of expression.split('|')) {
    const segments = parseAlternative(text.trim());
    if (!segments) return undefined;
    alternatives.push(segments);
  }
  return alternatives;
}

function parseAlternative(text: string): readonly Segment[] | undefined {
  const match = cast.exec(text);
  return parsePath(match ? `${match[1]}.as(${match[2]})${match[3]}` : text);
}

function parsePath(text: string): readonly Segment[] | undefined {
  const segments: Segment[] = [];
  let rest = text;
  while (rest !== '') {
    const match = token.exec(rest);
    if (!match) return undefined;
    const [whole, as, target, child, equals, name] = match;
    const last = segments.at(-1);
    if (name !== undefined) {
      if ((last !== undefined) !== whole.startsWith('.')) return undefined;
      segments.push({ name });
    } else {
      if (!last || !whole.startsWith('.')) return undefined;
      const more =
        as !== undefined ? { as } : target !== undefined ? { target } : { where: { name: child!, equals: equals! } };
      segments[segments.length - 1] = { ...last, ...more };
    }
    rest = rest.slice(whole.length);
  }
  return segments.length === 0 ? undefined : segments;
}
