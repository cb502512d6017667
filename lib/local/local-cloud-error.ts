/** The one error that the local cloud throws on purpose, with a closed set of codes. */

/**
 * - `TEMPLATE_INVALID`: the assembly or its template contradicts itself; a deployment would fail too.
 * - `NOT_SUPPORTED`: the template uses what AWS has and the local cloud has not; the message names the resource.
 * - `DEPLOYMENT_FAILED`: a resource could not be made; `cause` is what its service answered.
 * - `ALREADY_RUNNING`: another local cloud runs on the same directory.
 */
export type LocalCloudErrorCode = "TEMPLATE_INVALID" | "NOT_SUPPORTED" | "DEPLOYMENT_FAILED" | "ALREADY_RUNNING";

export class LocalCloudError extends Error {
  readonly code: LocalCloudErrorCode;

  constructor(code: LocalCloudErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "LocalCloudError";
    this.code = code;
  }
}
