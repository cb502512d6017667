/** A role's trust policy with the statement of a grant in it, and without (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html). */
import * as z from "zod";
import { GatebookError } from "../errors.ts";
import { type Grant, isGrantId } from "./grant.ts";

const MS = 1000;
/** Of a document with a single statement that is no list: IAM takes either, and so it comes back. */
const SINGLE = "Single";

const Statement = z.looseObject({ Sid: z.string().exactOptional() });
const Document = z.looseObject({ Statement: z.union([z.array(Statement), Statement]) });
type Document = z.infer<typeof Document>;

/** Whom a role trusts for as long as a grant lasts. */
export interface Trusted {
  readonly grant: Grant["id"];
  /** ARNs of users and roles. */
  readonly principals: readonly string[];
  /** Epoch milliseconds. */
  readonly until: number;
}

/** @returns the same text where the statement is there already */
export function withTrust(text: string, { grant, principals, until }: Trusted): string {
  const document = read(text);
  const isList = Array.isArray(document.Statement);
  const statements = [document.Statement].flat();
  if (statements.some((statement) => isOf(grant, statement))) return text;
  const added = {
    Sid: sidOf(grant) + (isList ? "" : SINGLE),
    Effect: "Allow",
    Principal: { AWS: [...principals] },
    Action: "sts:AssumeRole",
    // Rounded down: never longer than it was given for.
    Condition: {
      DateLessThan: { "aws:CurrentTime": new Date(Math.floor(until / MS) * MS).toISOString().replace(".000Z", "Z") },
    },
  };
  return JSON.stringify({ ...document, Statement: [...statements, added] });
}

/** @returns the same text where nothing of the grant is in it */
export function withoutTrust(text: string, grant: string): string {
  const document = read(text);
  const statements = [document.Statement].flat();
  const removed = statements.filter((statement) => isOf(grant, statement));
  if (removed.length === 0) return text;
  const left = statements.filter((statement) => !isOf(grant, statement));
  const wasSingle = removed.some(({ Sid }) => Sid?.endsWith(SINGLE));
  // While another grant's statement is there, that one has to know.
  if (wasSingle && left.length > 1) {
    const [heir] = left.filter(({ Sid }) => Sid?.startsWith(SID_PREFIX));
    return JSON.stringify({
      ...document,
      Statement: left.map((each) => (each === heir ? { ...each, Sid: `${each.Sid}${SINGLE}` } : each)),
    });
  }
  const [only] = left;
  return JSON.stringify({ ...document, Statement: wasSingle && only !== undefined ? only : left });
}

const SID_PREFIX = "GatebookGrant";

/** Sids have letters and digits alone. */
function sidOf(grant: string): string {
  if (!isGrantId(grant)) throw new GatebookError("INPUT_INVALID", `${grant} is no id of a grant`);
  return SID_PREFIX + grant.replace(/^grant:/, "").replace("-", "x");
}

function isOf(grant: string, { Sid }: z.infer<typeof Statement>): boolean {
  return Sid === sidOf(grant) || Sid === sidOf(grant) + SINGLE;
}

function read(text: string): Document {
  try {
    const document: unknown = JSON.parse(text);
    Document.parse(document);
    // Not what the schema made of it: members keep their order.
    return document as Document;
  } catch (cause) {
    throw new GatebookError("INPUT_INVALID", "the trust policy cannot be read, and is left as it is", { cause });
  }
}
