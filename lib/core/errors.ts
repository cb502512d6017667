/** The one error that Gatebook throws on purpose: a closed set of codes that callers can `switch` on. */

/**
 * - `CONFIGURATION_INVALID`: gatebook.yml is not what its schema says; the message names file, line and key.
 * - `RULE_INVALID`: a detection rule does not parse or uses what the engine does not know; the message names file and line.
 * - `POLICY_INVALID`: an access policy does not parse, or does not fit the schema; the message names file and line.
 * - `INPUT_INVALID`: an event, file or argument from outside cannot be understood; the message says what and where.
 * - `HEAD_MOVED`: another writer moved the head of the log since it was read; nothing was appended.
 * - `LOG_CORRUPT`: stored evidence contradicts itself. Stop and page: this is never retried away.
 * - `NOT_VERIFIED`: a signature or a proof can be read and does not hold for the key, the entry or the root it was checked against.
 * - `UNAVAILABLE`: something outside (a cloud that is not running, a service that does not answer) is needed and missing.
 */
export type GatebookErrorCode =
  | "CONFIGURATION_INVALID"
  | "RULE_INVALID"
  | "POLICY_INVALID"
  | "INPUT_INVALID"
  | "HEAD_MOVED"
  | "LOG_CORRUPT"
  | "NOT_VERIFIED"
  | "UNAVAILABLE";

export class GatebookError extends Error {
  readonly code: GatebookErrorCode;

  constructor(code: GatebookErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "GatebookError";
    this.code = code;
  }
}
