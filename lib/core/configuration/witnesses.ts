/** Witnesses in gatebook.yml: whose cosignatures the log wants, and which logs a witness of our own cosigns. */
import * as z from "zod";
import { GatebookError } from "../errors.ts";
import { type NoteAlgorithm, parseVerifierKey } from "../evidence/verifier-key.ts";

/** All are asked at once, each minute, and named in one variable of a function, of which it has 4 KB. */
const MAX_WITNESSES = 8;
const MAX_URL_CHARACTERS = 200;
const MAX_LOGS = 16;

const KINDS: Readonly<Record<NoteAlgorithm, string>> = {
  "cosignature/v1": "a witness's (cosignature/v1, type 4)",
  Ed25519: "a log's (Ed25519, type 1)",
};

/** Stays text: settings are JSON. */
function verifierKey(wanted: NoteAlgorithm) {
  return z.string().superRefine((text, context) => {
    try {
      const { algorithm } = parseVerifierKey(text);
      if (algorithm === wanted) return;
      context.addIssue({
        code: "custom",
        message: `must be ${KINDS[wanted]} verifier key, and is ${KINDS[algorithm]}`,
      });
    } catch (cause) {
      if (!(cause instanceof GatebookError)) throw cause;
      context.addIssue({
        code: "custom",
        message: `must be a verifier key, name+id+key in one line: ${cause.message}`,
      });
    }
  });
}

/** What is sent is signed and public; over http somebody in between could still keep cosignatures from us. */
const url = z
  .string()
  .max(MAX_URL_CHARACTERS, `must have ${MAX_URL_CHARACTERS} characters at most`)
  .refine(isPrefix, "must be a URL that begins https://, without query, fragment, user or password");

function isPrefix(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, username, password } = new URL(text);
  const isSafe = protocol === "https:" || (protocol === "http:" && hostname === "127.0.0.1");
  return isSafe && username === "" && password === "" && !/[?#\s]/.test(text);
}

/** A key that is there twice would be asked twice for the same. */
function refuseRepeated(entries: readonly { readonly key: string }[], context: z.RefinementCtx): void {
  for (const [i, { key }] of entries.entries()) {
    if (entries.findIndex((other) => other.key === key) === i) continue;
    context.addIssue({ code: "custom", path: [i, "key"], message: "is there already: name each key once" });
  }
}

export const Witnesses = z
  .array(z.strictObject({ url, key: verifierKey("cosignature/v1") }))
  .max(MAX_WITNESSES, `must be at most ${MAX_WITNESSES}`)
  .superRefine(refuseRepeated)
  .default([]);

export const OwnWitness = z.strictObject({
  /** Which logs it cosigns; an origin with two keys is one log that changes its key. */
  logs: z
    .array(z.strictObject({ origin: z.string().min(1), key: verifierKey("Ed25519") }))
    .min(1, "must name at least one log")
    .max(MAX_LOGS, `must be at most ${MAX_LOGS}`)
    .superRefine(refuseRepeated),
});
