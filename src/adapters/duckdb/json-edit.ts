import { Fault } from '../../errors/fault.js';
import type { Cell } from '../../source/row.js';
import { parseDocument } from './document.js';

/** Documents as they are written, changed in one place: all else stays as it stands there. */

export type JsonKind = 'object' | 'array' | 'string' | 'number' | 'boolean' | 'null';

interface Node {
  readonly kind: JsonKind;
  readonly from: number;
  until: number;
  /** Members of an object, elements of an array. */
  readonly parts: { readonly name: string; readonly from: number; readonly nameUntil: number; readonly node: Node }[];
}

/** How members are written where an object shows it not itself. */
export interface JsonStyle {
  /** Between `{` and the first member, between members, behind a name, before `}`. */
  readonly lead: string;
  readonly between: string;
  readonly colon: string;
  readonly tail: string;
  /** Are letters beyond ASCII written as escapes? */
  readonly escaped: boolean;
}

const plain: JsonStyle = { lead: '', between: ', ', colon: ': ', tail: '', escaped: false };
const token = /[{}[\],:]|"(?:[^"\\]|\\.)*"|[^\s{}[\],:"]+/g;

/** Where the values of a text lie that is JSON. */
function parsed(text: string): Node {
  const open: Node[] = [];
  let root: Node | undefined;
  let name: { text: string; from: number; until: number } | undefined;
  let awaitsName = false;
  const add = (node: Node) => {
    const parent = open.at(-1);
    if (!parent) root ??= node;
    else if (parent.kind === 'array')
      parent.parts.push({ name: String(parent.parts.length), from: node.from, nameUntil: node.from, node });
    else parent.parts.push({ name: name!.text, from: name!.from, nameUntil: name!.until, node });
  };
  for (const match of text.matchAll(token)) {
    const [found] = match;
    const from = match.index;
    const until = from + found.length;
    if (found === '{' || found === '[') {
      const node: Node = { kind: found === '{' ? 'object' : 'array', from, until, parts: [] };
      add(node);
      open.push(node);
      awaitsName = found === '{';
    } else if (found === '}' || found === ']') {
      open.pop()!.until = until;
      awaitsName = false;
    } else if (found === ',') awaitsName = open.at(-1)?.kind === 'object';
    else if (found === ':') awaitsName = false;
    else if (awaitsName) name = { text: JSON.parse(found) as string, from, until };
    else add({ kind: kindOf(found), from, until, parts: [] });
  }
  return root!;
}

function kindOf(literal: string): JsonKind {
  if (literal.startsWith('"')) return 'string';
  return literal === 'null' ? 'null' : literal === 'true' || literal === 'false' ? 'boolean' : 'number';
}

function memberOf(node: Node, step: string) {
  return node.parts.findLast(({ name }) => name === step);
}

/** The kind of the value at a path of a document; undefined where there is none. */
export function kindAt(text: string, path: readonly string[]): JsonKind | undefined {
  return nodeAt(parsed(text), path)?.kind;
}

function nodeAt(root: Node, path: readonly string[]): Node | undefined {
  let node: Node | undefined = root;
  for (const step of path) node = node && memberOf(node, step)?.node;
  return node;
}

/** How a document is written. */
export function styleOf(text: string, escaped: boolean): JsonStyle {
  return { ...objectStyle(text, parsed(text), plain), escaped };
}

/** The document with a cell at a path: a value that was there is replaced by one of its kind, another is of the kind `otherwise`. */
export function withCell(
  text: string,
  path: readonly string[],
  cell: Cell,
  otherwise: JsonKind | undefined,
  style: JsonStyle,
): string {
  let node = parsed(text);
  for (const [i, step] of path.entries()) {
    const rest = path.slice(i);
    if (node.kind === 'object') {
      const member = memberOf(node, step);
      if (!member) return cell === null ? text : withMember(text, node, rest, literal(cell, otherwise, style), style);
      node = member.node;
    } else if (node.kind === 'array' && memberOf(node, step)) node = memberOf(node, step)!.node;
    else if (cell === null) return text;
    else if (node.kind === 'null')
      return spliced(text, node.from, node.until, nested(rest, literal(cell, otherwise, style), plain));
    else throw new Fault('constraint', 'Another value stands where it would be');
  }
  if (node.kind === 'object' || node.kind === 'array')
    throw new Fault('constraint', 'More than one value stands where it would be');
  return spliced(text, node.from, node.until, literal(cell, node.kind === 'null' ? otherwise : node.kind, style));
}

/** A new document in the style of another: members in the order that they have there. */
export function likeDocument(
  other: string | undefined,
  cells: readonly { readonly path: readonly string[]; readonly cell: Cell; readonly kind: JsonKind | undefined }[],
  escaped: boolean,
): string {
  const root = other === undefined ? undefined : parsed(other);
  const style = other === undefined ? { ...plain, escaped } : styleOf(other, escaped);
  const place = (path: readonly string[]) => {
    for (let length = path.length; root && length > 0; length--) {
      const node = nodeAt(root, path.slice(0, length));
      if (node) return node.from;
    }
    return Number.POSITIVE_INFINITY;
  };
  const ordered = cells
    .map((one) => ({ ...one, at: place(one.path) }))
    .sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
  let text = '{}';
  for (const { path, cell, kind } of ordered) text = withCell(text, path, cell, kind, style);
  return text;
}

function withMember(
  text: string,
  node: Node,
  [step, ...rest]: readonly string[],
  value: string,
  style: JsonStyle,
): string {
  const own = node.parts.length === 0 && node.from > 0 ? plain : objectStyle(text, node, style);
  const member = `${JSON.stringify(step)}${own.colon}${rest.length === 0 ? value : nested(rest, value, deeper(own))}`;
  const last = node.parts.at(-1);
  if (last) return spliced(text, last.node.until, last.node.until, `${own.between}${member}`);
  return spliced(text, node.from, node.until, `{${own.lead}${member}${own.tail}}`);
}

function nested([step, ...rest]: readonly string[], value: string, style: JsonStyle): string {
  if (step === undefined) return value;
  const inner = nested(rest, value, deeper(style));
  return `{${style.lead}${JSON.stringify(step)}${style.colon}${inner}${style.tail}}`;
}

/** The members of an object within another are one step further right, where they have lines of their own. */
function deeper(style: JsonStyle): JsonStyle {
  const { lead, tail } = style;
  if (!lead.includes('\n')) return style;
  const unit = lead.startsWith(tail) ? lead.slice(tail.length) : '';
  return { ...style, lead: lead + unit, between: `,${lead}${unit}`, tail: lead };
}

function objectStyle(text: string, node: Node, style: JsonStyle): JsonStyle {
  const [first] = node.parts;
  const last = node.parts.at(-1);
  if (node.kind !== 'object' || !first || !last) return style;
  const lead = text.slice(node.from + 1, first.from);
  const colon = text.slice(last.nameUntil, last.node.from);
  const before = node.parts.at(-2);
  const alone = lead.includes('\n') ? `,${lead}` : colon.endsWith(' ') ? ', ' : ',';
  return {
    lead,
    between: before ? text.slice(before.node.until, last.from) : alone,
    colon,
    tail: text.slice(last.node.until, node.until - 1),
    escaped: style.escaped,
  };
}

function literal(cell: Cell, kind: JsonKind | undefined, { escaped }: JsonStyle): string {
  if (typeof cell === 'object') {
    if (cell === null) return 'null';
    throw new Fault('constraint', 'A nested value is not written');
  }
  const text = String(cell);
  if (kind === 'number' && typeof cell === 'string' && isNumber(text)) return text;
  if (kind === 'boolean' && (text === 'true' || text === 'false')) return text;
  if (kind !== 'string' && typeof cell !== 'string') return text;
  const json = JSON.stringify(text);
  return escaped
    ? json.replace(/[\u0080-\uffff]/g, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`)
    : json;
}

/** Is a text a number of JSON that is read back as the same text? */
function isNumber(text: string): boolean {
  return /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(text) && String(parseDocument(text)) === text;
}

function spliced(text: string, from: number, until: number, content: string): string {
  return text.slice(0, from) + content + text.slice(until);
}
