/** Conditional requests (RFC 9110, section 13, https://www.rfc-editor.org/rfc/rfc9110#section-13) as S3 reads them. */
import { s3Error } from "./s3-error.ts";
import { etagOf, type Version } from "./version.ts";

type Headers = Readonly<Record<string, string>>;
const SECOND_MS = 1000;

/** Throws where a write's conditions do not hold for the key's newest version. */
export function assertWriteConditions(headers: Headers, newest: Version | undefined): void {
  const current = newest?.isDeleteMarker === false ? newest : undefined;
  const ifNoneMatch = headers["if-none-match"];
  if (ifNoneMatch !== undefined && ifNoneMatch !== "*") {
    throw s3Error("NotImplemented", "If-None-Match of a write takes * only");
  }
  if (ifNoneMatch === "*" && current !== undefined) {
    throw s3Error("PreconditionFailed");
  }
  const ifMatch = headers["if-match"];
  if (ifMatch !== undefined && current === undefined) {
    throw s3Error("NoSuchKey");
  }
  if (ifMatch !== undefined && current !== undefined && !matches(ifMatch, current)) {
    throw s3Error("PreconditionFailed");
  }
}

/** What a read's conditions say: send it, or say that it has not changed. Throws PreconditionFailed. */
export function readOutcome(headers: Headers, version: Version): "send" | "unchanged" {
  assertUnchanged(headers["if-match"], headers["if-unmodified-since"], version);
  return isUnchanged(headers["if-none-match"], headers["if-modified-since"], version) ? "unchanged" : "send";
}

/** The same conditions on the source of a copy, where anything but "send" fails. */
export function assertCopyConditions(headers: Headers, source: Version): void {
  const prefix = "x-amz-copy-source-if-";
  assertUnchanged(headers[`${prefix}match`], headers[`${prefix}unmodified-since`], source);
  if (isUnchanged(headers[`${prefix}none-match`], headers[`${prefix}modified-since`], source)) {
    throw s3Error("PreconditionFailed");
  }
}

function assertUnchanged(match: string | undefined, unmodifiedSince: string | undefined, version: Version): void {
  const holds = match === undefined ? !isModifiedSince(unmodifiedSince, version) : matches(match, version);
  if (!holds) {
    throw s3Error("PreconditionFailed");
  }
}

function isUnchanged(noneMatch: string | undefined, modifiedSince: string | undefined, version: Version): boolean {
  return noneMatch === undefined ? isModifiedSince(modifiedSince, version) === false : matches(noneMatch, version);
}

/** Undefined where there is no date, or none that can be read: then the condition is ignored. */
function isModifiedSince(date: string | undefined, version: Version): boolean | undefined {
  const since = Date.parse(date ?? "");
  return Number.isNaN(since) ? undefined : Math.floor(version.lastModified / SECOND_MS) * SECOND_MS > since;
}

function matches(list: string, version: Version): boolean {
  return list.split(",").some((each) => {
    const etag = each.trim().replace(/^W\//, "");
    return etag === "*" || etag === etagOf(version) || etag === version.md5;
  });
}
