/** Headers that ask for what the local S3 does not do: to pass over them would be a 200 that did something else. */
import { LOCAL_ACCOUNT } from "../aws-service.ts";
import { s3Error } from "./s3-error.ts";

const NOT_IMPLEMENTED = [
  "x-amz-server-side-encryption-customer-",
  "x-amz-copy-source-server-side-encryption-customer-",
  "x-amz-website-redirect-location",
  "x-amz-write-offset-bytes",
  "x-amz-mfa",
  "x-amz-if-match-",
];
/** With object ownership enforced, S3 takes these and refuses all other access control lists. */
const HARMLESS_ACLS = ["private", "bucket-owner-full-control"];

export function refuseHeaders(headers: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(headers)) {
    if (NOT_IMPLEMENTED.some((prefix) => name.startsWith(prefix))) {
      throw s3Error("NotImplemented", `The local S3 does not implement the header ${name}`);
    }
    if (name.startsWith("x-amz-grant-") || (name === "x-amz-acl" && !HARMLESS_ACLS.includes(value))) {
      throw s3Error("AccessControlListNotSupported");
    }
    if (/^x-amz-(source-)?expected-bucket-owner$/.test(name) && value !== LOCAL_ACCOUNT) {
      throw s3Error("AccessDenied");
    }
  }
}
