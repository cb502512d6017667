/** Kubernetes Secrets in YAML or JSON: whatever its members are called, they are secret (https://kubernetes.io/docs/concepts/configuration/secret/). */
import { blockScalarAt, indentOf, lineAt } from "./block-scalar.ts";
import { isHarmlessInText } from "./harmless-value.ts";
import type { SecretRange } from "./secret-range.ts";
import { readValue, type Span } from "./secret-value.ts";

export const KUBERNETES_SECRET = "kubernetes-secret";
export const SECRET_MEMBERS = new Set(["data", "stringData"]);

/** Quotes, with the backslashes that JSON in JSON puts before them. */
const QUOTE = `["'\\\\]{0,9}`;
const KIND = new RegExp(`\\bkind${QUOTE}\\s{0,4}:\\s{0,4}${QUOTE}Secret(?![\\w.-])`);
const DOCUMENT_END = /^---/gm;
const MEMBERS = new RegExp(`\\b(?:data|stringData)${QUOTE}\\s{0,4}:[ \\t]{0,4}`, "g");
const FLOW_OPEN = /\{\s{0,40}/y;
const KEY = new RegExp(`${QUOTE}[\\w.-]{1,253}${QUOTE}\\s{0,4}:[ \\t]{0,4}`, "y");
const BETWEEN = new RegExp(`${QUOTE}\\s{0,40},\\s{0,40}`, "y");

export function isKubernetesSecret(text: string): boolean {
  return text.includes("Secret") && KIND.test(text);
}

export function kubernetesSecrets(text: string): readonly SecretRange[] {
  const found: SecretRange[] = [];
  let start = 0;
  for (const { index } of [...text.matchAll(DOCUMENT_END), { index: text.length }]) {
    // A ConfigMap in the next document has members of the same name.
    const document = text.slice(start, index);
    const offset = start;
    if (KIND.test(document)) {
      for (const { start: from, end } of membersOf(document)) {
        found.push({ start: offset + from, end: offset + end, kind: KUBERNETES_SECRET });
      }
    }
    start = index;
  }
  return found.filter((range) => !isHarmlessInText(text.slice(range.start, range.end)));
}

function membersOf(text: string): Span[] {
  const found: Span[] = [];
  MEMBERS.lastIndex = 0;
  for (let match = MEMBERS.exec(text); match !== null; match = MEMBERS.exec(text)) {
    const at = MEMBERS.lastIndex;
    FLOW_OPEN.lastIndex = at;
    const { spans, end } = FLOW_OPEN.test(text)
      ? flowMembers(text, FLOW_OPEN.lastIndex)
      : blockMembers(text, at, match.index);
    for (const span of spans) found.push(span);
    // Behind what was read: no member is read twice, however many of them are called `data`.
    MEMBERS.lastIndex = end;
  }
  return found;
}

interface Members {
  readonly spans: readonly Span[];
  /** Of what was read for them. */
  readonly end: number;
}

function flowMembers(text: string, from: number): Members {
  const spans: Span[] = [];
  let end = from;
  KEY.lastIndex = from;
  while (KEY.test(text)) {
    const value = readValue(text, KEY.lastIndex);
    if (value === undefined) break;
    spans.push(value);
    end = value.end;
    BETWEEN.lastIndex = end;
    if (!BETWEEN.test(text)) break;
    KEY.lastIndex = BETWEEN.lastIndex;
  }
  return { spans, end };
}

function blockMembers(text: string, at: number, keyAt: number): Members {
  const parent = indentOf(text, keyAt);
  const first = lineAt(text, at);
  const spans: Span[] = [];
  if (first.start !== first.end) return { spans, end: at };
  let end = first.end;
  while (end < text.length) {
    const line = lineAt(text, lineAt(text, end).next);
    KEY.lastIndex = line.start;
    if (line.indent <= parent || !KEY.test(text)) break;
    end = line.end;
    const valueAt = KEY.lastIndex;
    const block = blockScalarAt(text, valueAt, line.start);
    const span = block ?? readValue(text, valueAt);
    if (span !== undefined) spans.push(span);
    if (block !== undefined) end = block.end;
  }
  return { spans, end };
}
