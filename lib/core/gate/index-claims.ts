/** Whether the index says of an entry what the log says: whoever can write to the index writes what they like. */
import { hash } from "node:crypto";
import type { AuditRecord } from "../record/audit-record.ts";
import type { IndexEntry } from "../record/index-entry.ts";
import { indexEntryOf } from "../record/index-form.ts";

/** What a question about a delivery goes by. */
const CLAIMS = [
  "principal",
  "eventKey",
  "person",
  "action",
  "operation",
  "resource",
  "trace",
  "status",
  "finding",
  "breakGlass",
] as const satisfies readonly (keyof IndexEntry)[];

/** @returns what the index says otherwise, as a clause */
export function wrongClaim(entry: IndexEntry, record: AuditRecord): string | undefined {
  const told = indexEntryOf(record);
  const wrong = CLAIMS.find((name) => !isSame(entry[name], told[name]));
  return (
    wrong && `its ${wrong} is ${told[wrong] ?? "nothing"} in the log and ${entry[wrong] ?? "nothing"} in the index`
  );
}

/** Of what the index keeps of a text that is too long for one of its attributes, beside the hash of it all. */
const MIN_KEPT_BYTES = 900;
const HASHED = /#[0-9a-f]{64}$/;

/** No key is empty, and what is too long for one is kept as its beginning and the hash of it all. */
function isSame(claimed: string | number | undefined, told: string | number | undefined): boolean {
  if (claimed === told || (claimed === undefined && told === "")) return true;
  if (typeof claimed !== "string" || typeof told !== "string") return false;
  if (!claimed.endsWith(`#${hash("sha256", JSON.stringify(told), "hex")}`)) return false;
  // Anybody can write the hash behind another name: it stands behind its own beginning, or all of a text that looked like a hashed one.
  const [kept, whole] = [claimed.replace(HASHED, ""), told.toWellFormed().replace(/^#+/, "")];
  return kept === whole || (whole.startsWith(kept) && Buffer.byteLength(kept) >= MIN_KEPT_BYTES);
}
