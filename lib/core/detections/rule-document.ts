/** The YAML of one rule, with the lines of its keys for messages. */
import { isMap, isNode, isPair, isScalar, LineCounter, type Node, parseAllDocuments, visit } from "yaml";
import { GatebookError } from "../errors.ts";

/** A rule is read by people: one of this size is not one. */
const MAX_CHARACTERS = 256 * 1024;
/** Aliases that unfold to more nodes than this are an attack (a "billion laughs"). */
const MAX_ALIASES = 100;

type Path = readonly PropertyKey[];

export interface RuleDocument {
  /** The document as plain values. */
  readonly plain: unknown;
  /** The line of the key at the path, or of the nearest thing around it that is there. */
  lineOf(path: Path): number;
  /** The error to throw for something wrong at the path. */
  invalid(path: Path, message: string): GatebookError;
}

/** @throws GatebookError `RULE_INVALID` */
export function readRuleDocument(text: string, file: string): RuleDocument {
  const refuse = (line: number, message: string, options?: ErrorOptions): GatebookError =>
    new GatebookError("RULE_INVALID", `${file}:${line}: ${message}`, options);
  if (text.length > MAX_CHARACTERS) throw refuse(1, `is larger than ${MAX_CHARACTERS} characters`);

  try {
    return toDocument(text, refuse);
  } catch (cause) {
    if (cause instanceof GatebookError) throw cause;
    // Unfolding gives in to hostile aliases with a ReferenceError, and to nesting that parsing just bore with a RangeError.
    throw refuse(1, "its aliases unfold without end, or it nests too deeply", { cause });
  }
}

type Refuse = (line: number, message: string) => GatebookError;

function toDocument(text: string, refuse: Refuse): RuleDocument {
  const lines = new LineCounter();
  const documents = parseAllDocuments(text, { lineCounter: lines, prettyErrors: false });
  const [document, second] = "empty" in documents ? [] : documents;
  if (document === undefined) throw refuse(1, "is empty");
  const lineAt = (node: unknown): number | undefined =>
    isNode(node) && node.range ? lines.linePos(node.range[0]).line : undefined;

  for (const { code, pos, message } of [...document.errors, ...document.warnings]) {
    throw refuse(lines.linePos(pos[0]).line, code === "RESOURCE_EXHAUSTION" ? "nests too deeply" : message);
  }
  if (second !== undefined) {
    const line = lineAt(second.contents) ?? lines.lineStarts.length;
    throw refuse(line, "a second YAML document: write one rule a file; correlations and collections are not supported");
  }
  if (document.contents !== null) refuseMisleading(document.contents, (node, key) => refuse(lineAt(node) ?? 1, key));

  const lineOf = (path: Path): number => {
    for (let length = path.length; length > 0; length--) {
      const parent = document.getIn(path.slice(0, length - 1), true);
      const last = path[length - 1];
      const pair = isMap(parent) ? parent.items.find(({ key }) => String(key) === String(last)) : undefined;
      const line = lineAt(isPair(pair) ? pair.key : document.getIn(path.slice(0, length), true));
      if (line !== undefined) return line;
    }
    return 1;
  };
  const invalid = (path: Path, message: string): GatebookError =>
    refuse(lineOf(path), `${path.length > 0 ? `${path.map(String).join(".")}: ` : ""}${message}`);
  return { plain: document.toJS({ maxAliasCount: MAX_ALIASES }), lineOf, invalid };
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
