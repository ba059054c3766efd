import { type Element, element } from '#src/fhir/elements.js';

/** A node of XML: an element with its attributes and children, as HL7's test cases are written. */
export interface XmlNode {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlNode[];
  /** The element as it is written, for XHTML. */
  readonly source: string;
}

const entities: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };
const unescaped = (text: string) =>
  text.replace(/&(?:#(\d+)|(\w+));/g, (_, code: string | undefined, name: string) =>
    code ? String.fromCodePoint(Number(code)) : entities[name]!,
  );

/** The root of a document without processing instructions, CDATA or DOCTYPE. Text is left out. */
export function parseXml(text: string): XmlNode {
  const open: { name: string; attributes: Record<string, string>; children: XmlNode[]; from: number }[] = [];
  const top: XmlNode[] = [];
  for (const tag of text.matchAll(
    /<!--[\s\S]*?-->|<(\/?)([\w:]+)((?:\s+[\w:]+\s*=\s*(?:"[^"]*"|'[^']*'))*)\s*(\/?)>/g,
  )) {
    const [whole, closing, name, attributes = '', empty] = tag;
    if (name === undefined) continue;
    if (!closing) {
      const found = [...attributes.matchAll(/([\w:]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g)];
      const read = Object.fromEntries(found.map(([, key, a, b]) => [key!, unescaped(a ?? b ?? '')]));
      open.push({ name, attributes: read, children: [], from: tag.index });
    }
    if (!closing && !empty) continue;
    const { from, ...node } = open.pop()!;
    if (node.name !== name) throw new Error(`</${name}> closes <${node.name}>`);
    (open.at(-1)?.children ?? top).push({ ...node, source: text.slice(from, tag.index + whole.length) });
  }
  if (open.length > 0 || top.length !== 1) throw new Error('not one XML element');
  return top[0]!;
}

export const childrenNamed = (node: XmlNode, name: string) => node.children.filter((child) => child.name === name);

/** A resource written in XML (https://hl7.org/fhir/R4/xml.html), as JSON has it. */
export function resourceFromXml(node: XmlNode): Record<string, unknown> {
  return { resourceType: node.name, ...members(node, node.name) };
}

function members(node: XmlNode, path: string): Record<string, unknown> {
  const out: Record<string, unknown> = {};
  for (const name of ['id', 'url']) if (node.attributes[name] !== undefined) out[name] = node.attributes[name];
  for (const name of new Set(node.children.map((child) => child.name))) {
    const definition = element(path, name);
    if (!definition) throw new Error(`${path} has no ${name}`);
    const same = childrenNamed(node, name);
    const values = same.map((child) => jsonOf(child, definition));
    const siblings = /^(?!xhtml)[a-z]/.test(definition.type)
      ? same.map((child) => members(child, definition.children))
      : [];
    const has = siblings.some((sibling) => Object.keys(sibling).length > 0);
    if (values.some((value) => value !== null)) out[name] = definition.array ? values : values[0];
    if (has) out[`_${name}`] = definition.array ? siblings.map((s) => (Object.keys(s).length ? s : null)) : siblings[0];
  }
  return out;
}

function jsonOf(node: XmlNode, { type, children }: Element): unknown {
  if (type === 'xhtml') return node.source;
  if (type === 'Resource') return resourceFromXml(node.children[0]!);
  if (!/^[a-z]/.test(type)) return members(node, children);
  const { value } = node.attributes;
  if (value === undefined) return null;
  if (type === 'boolean') return value === 'true';
  return /^(?:decimal|integer|positiveInt|unsignedInt)$/.test(type) ? Number(value) : value;
}
