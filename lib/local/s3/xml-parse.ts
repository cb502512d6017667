/** Reads the small XML documents that S3's clients send: elements and text. A document type is refused, since no client needs entities. */
import { s3Error } from "./s3-error.ts";

export interface XmlElement {
  /** Without its namespace prefix. */
  readonly name: string;
  readonly children: readonly XmlElement[];
  /** Text of this element, exactly as sent: keys may begin with a space. */
  readonly text: string;
}

interface OpenElement extends XmlElement {
  readonly children: XmlElement[];
  text: string;
}

/** A DeleteObjects of 1,000 keys of 1,024 bytes, escaped, fits. */
const MAX_DOCUMENT_BYTES = 8 * 1024 * 1024;
const MAX_DEPTH = 20;
const TOKEN =
  /<!--[\s\S]*?-->|<\?[\s\S]*?\?>|<!\[CDATA\[(?<cdata>[\s\S]*?)\]\]>|<(?<close>\/?)(?<name>[A-Za-z_][\w:.-]*)[^<>]*?(?<empty>\/?)>|(?<text>[^<]+)/y;
const NAMED = new Map([
  ["amp", "&"],
  ["lt", "<"],
  ["gt", ">"],
  ["quot", '"'],
  ["apos", "'"],
]);

/** Returns the root element, which must have the given name. */
export function parseXml(body: Buffer, rootName: string): XmlElement {
  if (body.length > MAX_DOCUMENT_BYTES) {
    throw s3Error("MalformedXML", `The XML document is larger than ${MAX_DOCUMENT_BYTES} bytes`);
  }
  const document: OpenElement = { name: "", children: [], text: "" };
  const unclosed = readTokens(body.toString("utf8").replace(/^\uFEFF/, ""), [document]);
  const root = document.children[0];
  if (unclosed > 1 || root?.name !== rootName || document.children.length > 1 || document.text.trim() !== "") {
    throw s3Error("MalformedXML");
  }
  return root;
}

/** Reads all of the text into the open elements and says how many are left open. */
function readTokens(text: string, open: OpenElement[]): number {
  TOKEN.lastIndex = 0;
  for (let end = 0; end < text.length; end = TOKEN.lastIndex) {
    const parts = TOKEN.exec(text)?.groups;
    const current = open.at(-1);
    if (parts === undefined || current === undefined || open.length > MAX_DEPTH) {
      throw s3Error("MalformedXML");
    }
    if (parts["name"] !== undefined) {
      readTag(parts["name"].replace(/^.*:/, ""), parts["close"] === "/", parts["empty"] === "/", open);
    } else {
      current.text += parts["cdata"] ?? unescapeText(parts["text"] ?? "");
    }
  }
  return open.length;
}

function readTag(name: string, closes: boolean, isEmpty: boolean, open: OpenElement[]): void {
  if (closes) {
    if (open.pop()?.name !== name) {
      throw s3Error("MalformedXML");
    }
    return;
  }
  const element: OpenElement = { name, children: [], text: "" };
  open.at(-1)?.children.push(element);
  if (!isEmpty) {
    open.push(element);
  }
}

function unescapeText(text: string): string {
  return text.replace(/&(?:#x([0-9a-fA-F]{1,6})|#(\d{1,7})|(\w{1,8}));|&/g, (_, hex, decimal, name) => {
    const known = NAMED.get(name);
    const code = Number.parseInt(hex ?? decimal ?? "", hex === undefined ? 10 : 16);
    if (known === undefined && !(code <= 0x10ffff && (code < 0xd800 || code > 0xdfff))) {
      throw s3Error("MalformedXML");
    }
    return known ?? String.fromCodePoint(code);
  });
}

export function childrenOf(element: XmlElement | undefined, name: string): readonly XmlElement[] {
  return element?.children.filter((child) => child.name === name) ?? [];
}

export function childOf(element: XmlElement | undefined, name: string): XmlElement | undefined {
  return childrenOf(element, name)[0];
}

/** The text of a child element, or undefined where there is no such child. */
export function textOf(element: XmlElement | undefined, name: string): string | undefined {
  return childOf(element, name)?.text;
}

/** Refuses elements that are not among these: what is not understood must not be answered with a 200. */
export function allowOnly(element: XmlElement, names: readonly string[]): void {
  const stranger = element.children.find((child) => !names.includes(child.name));
  if (stranger !== undefined) {
    throw s3Error("NotImplemented", `${stranger.name} in ${element.name} is not supported by the local S3`);
  }
}
