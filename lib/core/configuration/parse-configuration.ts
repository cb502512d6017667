/** Reads gatebook.yml; what is wrong is said with file, line and key, all of it at once. */
import { type Document, isMap, isNode, isPair, LineCounter, parseDocument } from "yaml";
import type * as z from "zod";
import { GatebookError } from "../errors.ts";
import { Configuration } from "./configuration.ts";
import type { Problem } from "./problem.ts";
import { findReferenceProblems } from "./references.ts";

/** A gatebook.yml is read by people: one of this size is not one. */
const MAX_BYTES = 1024 * 1024;
/** Aliases that unfold to more nodes than this are an attack (a "billion laughs"). */
const MAX_ALIASES = 100;

/**
 * @param text gatebook.yml's text
 * @param file its name, for messages
 * @param findProblems what only the caller can check, such as names of rules
 * @throws GatebookError `CONFIGURATION_INVALID`, a line of message per problem: `gatebook.yml:12: review.keyMaxAgeDays: …`
 */
export function parseConfiguration(
  text: string,
  file: string,
  findProblems: (configuration: Configuration) => readonly Problem[] = () => [],
): Configuration {
  if (text.length > MAX_BYTES) throw invalid([`${file}: is larger than ${MAX_BYTES} bytes`]);
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  if (document.errors.length > 0) {
    throw invalid(document.errors.map(({ pos, message }) => `${file}:${lines.linePos(pos[0]).line}: ${message}`));
  }
  const locate = (problem: Problem): string => {
    const line = lineOf(document, lines, problem);
    return `${file}:${line}: ${describePath(problem.path)}${problem.message}`;
  };

  const parsed = Configuration.safeParse(toPlain(document, file));
  if (!parsed.success) throw invalid(parsed.error.issues.flatMap(toProblems).map(locate));
  const problems = [...findReferenceProblems(parsed.data), ...findProblems(parsed.data)];
  if (problems.length > 0) throw invalid(problems.map(locate));
  return parsed.data;
}

function toPlain(document: Document.Parsed, file: string): unknown {
  try {
    return document.toJS({ maxAliasCount: MAX_ALIASES });
  } catch (cause) {
    throw new GatebookError("CONFIGURATION_INVALID", `${file}: has aliases that unfold without end`, { cause });
  }
}

function toProblems(issue: z.core.$ZodIssue): Problem[] {
  if (issue.code !== "unrecognized_keys") return [{ path: issue.path, message: issue.message }];
  return issue.keys.map((key) => ({
    path: [...issue.path, key],
    message: "is not a key of gatebook.yml; check its spelling and indentation",
    isKey: true,
  }));
}

/** The line of the value at the path, or of the nearest thing around it that is there. */
function lineOf(document: Document.Parsed, lines: LineCounter, { path, isKey }: Problem): number {
  if (isKey) {
    const parent = document.getIn(path.slice(0, -1), true);
    const pair = isMap(parent) ? parent.items.find(({ key }) => String(key) === String(path.at(-1))) : undefined;
    if (isPair(pair) && isNode(pair.key) && pair.key.range) return lines.linePos(pair.key.range[0]).line;
  }
  for (let length = path.length; length > 0; length--) {
    const node = document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return lines.linePos(node.range[0]).line;
  }
  return 1;
}

function describePath(path: readonly PropertyKey[]): string {
  const text = path.map((key) => (typeof key === "number" ? `[${key}]` : `.${String(key)}`)).join("");
  return text === "" ? "" : `${text.replace(/^\./, "")}: `;
}

function invalid(messages: readonly string[]): GatebookError {
  return new GatebookError("CONFIGURATION_INVALID", messages.join("\n"));
}
