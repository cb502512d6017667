/**
 * Keeps web pages from calling the local cloud: a browser reaches 127.0.0.1 for any page that it shows, and a credential of the local cloud
 * can be guessed by anybody.
 */
import { AwsError } from "../aws-service.ts";
import type { RequestHead } from "./http-message.ts";

const LOOPBACK = /^(?:127\.0\.0\.1|\[::1\]|(?:[a-z0-9._-]+\.)?localhost)(?::\d+)?$/i;

/**
 * A name that resolves to 127.0.0.1 but is not ours is how a page reads answers across origins (DNS rebinding).
 *
 * @throws AwsError `AccessDenied` for a Host that is not the loopback interface.
 */
export function refuseForeignHost({ headers }: RequestHead): void {
  const host = headers["host"] ?? "";
  if (!LOOPBACK.test(host))
    throw new AwsError("AccessDenied", 403, `${host || "No host"} is not where this cloud runs.`);
}

/**
 * No client of AWS's sends an Origin; a page of another origin that signs its requests is after somebody else's cloud.
 *
 * @throws AwsError `AccessDenied` for a signed request out of a page that the gateway itself did not serve.
 */
export function refuseForeignOrigin({ headers }: RequestHead): void {
  const origin = headers["origin"];
  if (origin !== undefined && origin !== `http://${headers["host"]}`) {
    throw new AwsError("AccessDenied", 403, `Pages of ${origin} may not call this cloud.`);
  }
}
