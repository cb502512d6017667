/** Looking into entries: which of them name a payload, and, where asked for, whether each is an audit record. */
import { GatebookError } from "../errors.ts";
import { decodeRecord } from "../record/decode-record.ts";
import { entriesOf } from "./leaf-hashes.ts";
import { notVerified } from "./not-verified.ts";
import { PayloadReference, type Payloads } from "./payloads.ts";

/**
 * Parsing each entry would take four times as long as all the rest. The name of a member stands in an entry with a quotation mark right behind
 * it, which within a string would be escaped: an entry without these bytes has no member payload, and any other is parsed. Its end alone is
 * looked for, since y is a rare letter. Letters could be escaped, but no writer of JSON does that, and who wanted to hide a payload could as
 * well not name it; decoding all records sees those too.
 */
const END_OF_NAME = 'yload"';

const NOT_OURS =
  "whoever wrote it is not Gatebook, or a later version of it: verify with the version that wrote the log";

/** Takes a bundle whose entries are in the log, from the place `first` on. */
export type EntryLook = (bundle: Buffer, first: number, path: string) => Promise<void>;

/** @param allRecords whether every entry is decoded, not only those that may name a payload */
export function lookIntoEntries(payloads: Payloads, allRecords: boolean): EntryLook {
  const isWorthParsing = (bytes: Buffer): boolean => allRecords || bytes.indexOf(END_OF_NAME, 0, "latin1") !== -1;
  return async (bundle, first, path) => {
    if (!isWorthParsing(bundle)) return;
    let index = first;
    for (const bytes of entriesOf(bundle)) {
      const entry = `entry ${index} in ${path}`;
      const record = isWorthParsing(bytes) ? parse(bytes, entry, allRecords) : undefined;
      if (record !== undefined && Object.hasOwn(record, "payload")) {
        await payloads.check({ ...referenceOf(record, entry), entry });
      }
      index += 1;
    }
  };
}

/** @returns undefined for what is no object, where it need not be a record */
function parse(bytes: Buffer, entry: string, mustBeRecord: boolean): object | undefined {
  try {
    return decodeRecord(bytes);
  } catch (cause) {
    if (!(cause instanceof GatebookError)) throw cause;
    if (mustBeRecord) throw notVerified(entry, `is signed and unchanged, but ${cause.message}`, NOT_OURS, { cause });
    return parseObject(bytes);
  }
}

function parseObject(bytes: Buffer): object | undefined {
  try {
    const value: unknown = JSON.parse(bytes.toString("utf8"));
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    // No JSON, so nothing that could name a payload.
    return undefined;
  }
}

function referenceOf(record: object, entry: string): PayloadReference {
  const { success, data } = PayloadReference.safeParse(Reflect.get(record, "payload"));
  if (!success) throw notVerified(entry, "names a payload without a SHA-256 and a length", NOT_OURS);
  return data;
}
