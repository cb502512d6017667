/** A secret in the text of a commit or of a pull request is a finding: everybody who reads the repository has it. */
import { hash } from "node:crypto";
import type { RecordView } from "../detections/record-view.ts";
import { toFinding } from "../detections/to-finding.ts";
import type { Redaction } from "../redaction/redact-tree.ts";
import { isObject, type JsonObject } from "../sources/json.ts";
import type { RawRecord } from "../sources/normalise.ts";
import type { Finding } from "./finding.ts";
import { type SourceText, sourceTexts } from "./source-texts.ts";

/** Of one event: a push of a thousand commits must not become a record of a thousand findings. */
const FINDINGS_MAX = 10;
const ID_LENGTH_MAX = 128;

/** What findings of this file are called, for whoever names a rule. */
export const SECRET_RULES = {
  commit: { id: "694300b2-5eb6-4d2b-ad1d-e1bbe7effb27", title: "Secret in a commit" },
  "pull request": { id: "e1cadd8b-4de7-4af6-b6df-4293ec2b2040", title: "Secret in a pull request" },
} as const;

const ROTATE =
  "Rotate the secret at whoever issued it, before anything else: since the push it has to be taken for known.";
const HISTORY = {
  commit:
    "Rewriting the history does not take it back: clones, forks, mails and caches keep the old commit. Clean up once it is worthless.",
  "pull request":
    "Editing the text does not take it back: its old versions, the mails about it and the merged commit keep it. Clean up once it is worthless.",
} as const;

/** What was redacted of the texts that people read with the source; each secret of each commit is one finding, however often it is told of. */
export function secretsInCommits(
  view: RecordView,
  { raw, redactions }: { readonly raw: RawRecord; readonly redactions: readonly Redaction[] },
): Finding[] {
  if (redactions.length === 0) return [];
  const texts = sourceTexts(raw);
  const byUid = new Map<string, Finding>();
  for (const redaction of redactions) {
    for (const text of texts) {
      const owner = text.path.exec(redaction.path)?.[1];
      if (owner === undefined) continue;
      const id = idOf(raw.record, text, text.owner ?? owner);
      // Members of these names that have no pull request's number beside them belong to something else.
      if (id === undefined && text.of === "pull request") continue;
      const finding = findingOf(view, text, id, redaction);
      byUid.set(finding.uid, finding);
    }
  }
  return bounded([...byUid.values()]);
}

function findingOf(view: RecordView, { of }: SourceText, id: string | undefined, secret: Redaction): Finding {
  const { kind, fingerprint } = secret;
  const next = [ROTATE, HISTORY[of], whoHadIt(secret)];
  const found = toFinding({ ...SECRET_RULES[of], level: "high", description: "", runbook: next }, view);
  const where = found.resource === undefined ? "" : ` of ${found.resource}`;
  const mark = fingerprint === undefined ? "" : `, fingerprint ${fingerprint}`;
  const why = `The text of ${of} ${id ?? "without an id"}${where} holds a secret (${kind}${mark}). Whoever can read the repository has it, and so has every clone; this log has its fingerprint only.`;
  // A commit's id says which it is, in whatever repository; a pull request's number does in its own.
  const identity = [
    found.rule.id,
    of === "commit" ? "" : (found.resource ?? ""),
    id ?? found.event,
    fingerprint ?? kind,
  ];
  return { ...found, uid: hash("sha256", identity.join("\n"), "hex"), why };
}

function whoHadIt({ kind, fingerprint }: Redaction): string {
  const other = fingerprint === undefined ? "" : ` Where else it was used says [redacted:${kind}:${fingerprint}].`;
  return `See who can read the repository, and what was done with the secret since then by anybody else than its owner.${other}`;
}

/** The pointer is made of plain names and numbers: nothing in it is escaped. */
function idOf(record: JsonObject, { ids }: SourceText, owner: string): string | undefined {
  let at: unknown = record;
  for (const step of owner.split("/").slice(1)) {
    if (typeof at !== "object" || at === null || !Object.hasOwn(at, step)) return undefined;
    at = (at as JsonObject)[step];
  }
  if (!isObject(at)) return undefined;
  for (const name of ids) {
    const id = Object.hasOwn(at, name) ? at[name] : undefined;
    if (typeof id === "string" || typeof id === "number") return String(id).slice(0, ID_LENGTH_MAX);
  }
  return undefined;
}

function bounded(findings: readonly Finding[]): Finding[] {
  const kept = findings.slice(0, FINDINGS_MAX);
  const last = kept.pop();
  if (last === undefined) return [];
  const more = findings.length - FINDINGS_MAX;
  const why =
    more > 0
      ? `${last.why} ${more} more secrets stand in the texts of this event: its raw data shows where.`
      : last.why;
  return [...kept, { ...last, why }];
}
