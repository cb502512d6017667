/** The sentence that a failed verification ends with: where, what was found, and what that means. */
import { GatebookError } from "../errors.ts";

/** What it means when objects that are written once hold something else. */
export const CHANGED =
  "somebody changed the evidence after it was written, or this copy is damaged: compare it with the first version of the object in the evidence bucket";

export const MISSING =
  "somebody removed evidence, or this copy is not whole: pull it again, and look for the object's versions in the evidence bucket";

/** @param where the object, and the entry where it is one */
export function notVerified(where: string, found: string, meaning: string, options?: ErrorOptions): GatebookError {
  return new GatebookError("NOT_VERIFIED", `${where} ${found}. That means: ${meaning}.`, options);
}

/** Enough of a hash to tell it from another by eye. */
export function short(hash: string): string {
  return `${hash.slice(0, 16)}…`;
}
