/** Writes the small XML documents that S3 answers with. */

/** An object's members become elements; a list repeats its element; what is undefined is left out. */
type XmlContent = string | number | boolean | undefined | XmlMembers | readonly XmlContent[];
export interface XmlMembers {
  readonly [name: string]: XmlContent;
}

export const S3_NAMESPACE = "http://s3.amazonaws.com/doc/2006-03-01/";
const DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n';
const MARKUP: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

/** Takes one member: the root element. */
export function renderXml(document: XmlMembers): string {
  return DECLARATION + renderMembers(document);
}

function renderMembers(members: XmlMembers): string {
  return Object.entries(members)
    .map(([name, content]) => renderElement(name, content))
    .join("");
}

function renderElement(name: string, content: XmlContent): string {
  if (content === undefined) {
    return "";
  }
  if (Array.isArray(content)) {
    return content.map((each: XmlContent) => renderElement(name, each)).join("");
  }
  const inner = typeof content === "object" ? renderMembers(content as XmlMembers) : escapeText(String(content));
  return `<${name}>${inner}</${name}>`;
}

// S3 writes control characters as references although XML 1.0 knows none for them: a raw carriage return would reach the reader as a line feed.
function escapeText(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: keys may hold them
  return text.replace(/[&<>"\x00-\x08\x0b-\x1f\x7f-\x9f\u2028]/g, (char) => {
    return MARKUP[char] ?? `&#x${char.charCodeAt(0).toString(16)};`;
  });
}
