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

/** No key is empty, and what is too long for one is kept as its beginning and the hash of it all. */
function isSame(claimed: string | number | undefined, told: string | number | undefined): boolean {
  if (claimed === told || (claimed === undefined && told === "")) return true;
  if (typeof claimed !== "string" || typeof told !== "string") return false;
  return claimed.endsWith(`#${hash("sha256", JSON.stringify(told), "hex")}`);
}
