/** XML as an ordered tree, read and written without losing anything. */
import { XMLBuilder, XMLParser } from 'fast-xml-parser';

/** One element as fast-xml-parser orders it: its name → its children, beside its attributes. */
export type Element = { [name: string]: Node[] | Attributes | string };
export type Node = Element;
type Attributes = Record<string, string>;

const ATTRIBUTES = ':@';
const TEXT = '#text';

const OPTIONS = {
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: '',
  attributesGroupName: '',
  processEntities: false,
  parseTagValue: false,
  parseAttributeValue: false,
  trimValues: false,
  suppressEmptyNode: true,
} as const;

const parser = new XMLParser(OPTIONS);
const builder = new XMLBuilder(OPTIONS);

export const parseXml = (xml: string): Node[] => parser.parse(xml) as Node[];

export const writeXml = (nodes: readonly Node[]): string => builder.build(nodes);

export const nameOf = (node: Node): string => Object.keys(node).find((key) => key !== ATTRIBUTES) ?? '';

/** The live list: what is added to it is in the document. */
export function childrenOf(node: Node): Node[] {
  const children = node[nameOf(node)];
  return Array.isArray(children) ? children : [];
}

export const attributesOf = (node: Node): Attributes => (node[ATTRIBUTES] ??= {}) as Attributes;

export const element = (name: string, attributes: Attributes = {}, children: Node[] = []): Node => ({
  [name]: children,
  [ATTRIBUTES]: attributes,
});

/** Entities are not touched, so the text must have none of `&<>`. */
export const textNode = (text: string): Node => ({ [TEXT]: text });

export const child = (node: Node, name: string): Node | undefined =>
  childrenOf(node).find((one) => nameOf(one) === name);

/** The document's root element. */
export function rootOf(nodes: readonly Node[]): Node {
  const root = nodes.find((node) => !nameOf(node).startsWith('?') && nameOf(node) !== TEXT);
  if (!root) throw new Error('XML without a root element');
  return root;
}

/** Every element under `node`, itself first. */
export function* descendants(node: Node): Generator<Node> {
  yield node;
  for (const one of childrenOf(node)) yield* descendants(one);
}

/** Sorts children as a schema's sequence wants them; names that it does not list stay at the end. */
export function sortChildren(node: Node, sequence: readonly string[]): void {
  const place = (one: Node): number => {
    const at = sequence.indexOf(nameOf(one));
    return at < 0 ? sequence.length : at;
  };
  childrenOf(node).sort((a, b) => place(a) - place(b));
}
