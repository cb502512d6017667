/** The YAML of rules, with the lines of its keys for messages. */
import { type Document, isMap, isNode, isPair, isScalar, LineCounter, type Node, parseAllDocuments, visit } from "yaml";
import { GatebookError } from "../../errors.ts";

/** A rule is read by people: one of this size is not one. */
const MAX_CHARACTERS = 256 * 1024;
/** Aliases that unfold to more nodes than this are an attack (a "billion laughs"). */
const MAX_ALIASES = 100;
const MAX_DOCUMENTS = 200;

export type Path = readonly PropertyKey[];

export interface RuleDocument {
  /** The file's name, for messages. */
  readonly file: string;
  /** The document as plain values. */
  readonly plain: unknown;
  /** Whether something is written at the path. */
  has(path: Path): boolean;
  /** The line of the key at the path, or of the nearest thing around it that is there. */
  lineOf(path: Path): number;
  /** The error to throw for something wrong at the path. */
  invalid(path: Path, message: string): GatebookError;
}

/** The documents of a file, in order, without empty ones. @throws GatebookError `RULE_INVALID` */
export function readRuleDocuments(text: string, file: string): readonly RuleDocument[] {
  const refuse: Refuse = (line, message, options) =>
    new GatebookError("RULE_INVALID", `${file}:${line}: ${message}`, options);
  if (text.length > MAX_CHARACTERS) throw refuse(1, `is larger than ${MAX_CHARACTERS} characters`);

  try {
    return toDocuments(text, file, refuse);
  } catch (cause) {
    if (cause instanceof GatebookError) throw cause;
    // Unfolding gives in to hostile aliases with a ReferenceError, and to nesting that parsing just bore with a RangeError.
    throw refuse(1, "its aliases unfold without end, or it nests too deeply", { cause });
  }
}

type Refuse = (line: number, message: string, options?: ErrorOptions) => GatebookError;

function toDocuments(text: string, file: string, refuse: Refuse): readonly RuleDocument[] {
  const lines = new LineCounter();
  const parsed = parseAllDocuments(text, { lineCounter: lines, prettyErrors: false });
  const documents = "empty" in parsed ? [] : parsed.filter((each) => !isNothing(each));
  if (documents.length === 0) throw refuse(1, "is empty");
  if (documents.length > MAX_DOCUMENTS) throw refuse(1, `holds more than ${MAX_DOCUMENTS} documents`);
  const lineAt = (node: unknown): number | undefined =>
    isNode(node) && node.range ? lines.linePos(node.range[0]).line : undefined;

  for (const { code, pos, message } of documents.flatMap(({ errors, warnings }) => [...errors, ...warnings])) {
    throw refuse(lines.linePos(pos[0]).line, code === "RESOURCE_EXHAUSTION" ? "nests too deeply" : message);
  }
  return documents.map((document, i) => {
    if (document.contents !== null) refuseMisleading(document.contents, (node, key) => refuse(lineAt(node) ?? 1, key));
    const firstLine = i === 0 ? 1 : (lineAt(document.contents) ?? 1);
    return toRuleDocument(document, { file, firstLine }, lineAt, refuse);
  });
}

/** What stands behind a last `---`. */
function isNothing({ contents, errors }: Document.Parsed): boolean {
  return errors.length === 0 && (contents === null || (isScalar(contents) && contents.source === ""));
}

function toRuleDocument(
  document: Document.Parsed,
  { file, firstLine }: { readonly file: string; readonly firstLine: number },
  lineAt: (node: unknown) => number | undefined,
  refuse: Refuse,
): RuleDocument {
  const lineOf = (path: Path): number => {
    for (let length = path.length; length > 0; length--) {
      const parent = document.getIn(path.slice(0, length - 1), true);
      const last = path[length - 1];
      const pair = isMap(parent) ? parent.items.find(({ key }) => String(key) === String(last)) : undefined;
      const line = lineAt(isPair(pair) ? pair.key : document.getIn(path.slice(0, length), true));
      if (line !== undefined) return line;
    }
    return firstLine;
  };
  return {
    file,
    plain: document.toJS({ maxAliasCount: MAX_ALIASES }),
    has: (path) => document.hasIn(path),
    lineOf,
    invalid: (path, message) => refuse(lineOf(path), `${prefixOf(path)}${message}`),
  };
}

/** What a message about the path starts with. */
function prefixOf(path: Path): string {
  return path.length > 0 ? `${path.map(String).join(".")}: ` : "";
}

/** Keys and numbers that would be read as something other than what is written. */
function refuseMisleading(contents: Node, refuse: (node: unknown, message: string) => GatebookError): void {
  visit(contents, {
    Pair: (_, { key }) => {
      if (!isScalar(key)) throw refuse(key, "a key must be plain text");
      if (key.value === "__proto__") throw refuse(key, "__proto__: is not a field that a record can have");
    },
    Scalar: (_, node) => {
      // 0123 is an account id without its zero, 1.10 a version without its end, 2^60 a number without its last digits.
      if (typeof node.value === "number" && node.source !== undefined && String(node.value) !== node.source) {
        throw refuse(node, `${node.source}: is read as the number ${node.value}; write it so, or put it in quotes`);
      }
    },
  });
}
