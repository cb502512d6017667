/** Lifecycle configurations (https://docs.aws.amazon.com/AmazonS3/latest/userguide/intro-lifecycle-rules.html), parsed. */
import { s3Error } from "./s3-error.ts";
import { tagOf } from "./tags.ts";
import type { Version } from "./version.ts";
import { allowOnly, childOf, childrenOf, parseXml, textOf, type XmlElement } from "./xml-parse.ts";

/** When something is due: so many days after it was written (or was superseded), or from a date on, in epoch milliseconds. */
export type Due = { readonly days: number } | { readonly date: number };

export interface LifecycleRule {
  readonly matches: (version: Version) => boolean;
  readonly expires: Due | undefined;
  /** A delete marker with nothing under it goes. */
  readonly removesLoneMarkers: boolean;
  readonly noncurrentExpires: Noncurrent | undefined;
  readonly transitions: readonly (Due & { readonly storageClass: string })[];
  readonly noncurrentTransitions: readonly (Noncurrent & { readonly storageClass: string })[];
}

interface Noncurrent {
  readonly days: number;
  /** So many of the newest noncurrent versions stay. */
  readonly keep: number;
}

const MAX_RULES = 1000;
/** Each is further down than the one before it; a version never comes back up. */
export const TRANSITION_CLASSES = [
  "STANDARD_IA",
  "ONEZONE_IA",
  "INTELLIGENT_TIERING",
  "GLACIER_IR",
  "GLACIER",
  "DEEP_ARCHIVE",
];
const RULE_PARTS = [
  ..."ID Status Prefix Filter Expiration NoncurrentVersionExpiration Transition".split(" "),
  ..."NoncurrentVersionTransition AbortIncompleteMultipartUpload".split(" "),
];

/** The rules that are enabled. Unfinished multipart uploads need no rule here: there are none. */
export function parseLifecycle(document: Buffer): readonly LifecycleRule[] {
  const root = parseXml(document, "LifecycleConfiguration");
  allowOnly(root, ["Rule"]);
  if (root.children.length === 0 || root.children.length > MAX_RULES) {
    throw s3Error("MalformedXML");
  }
  return root.children.map(parseRule).flatMap(({ isEnabled, rule }) => (isEnabled ? rule : []));
}

function parseRule(element: XmlElement): { readonly isEnabled: boolean; readonly rule: LifecycleRule } {
  allowOnly(element, RULE_PARTS);
  const status = textOf(element, "Status");
  if (status !== "Enabled" && status !== "Disabled") {
    throw s3Error("MalformedXML");
  }
  const expiration = childOf(element, "Expiration");
  const noncurrent = childOf(element, "NoncurrentVersionExpiration");
  const removesMarkers = textOf(expiration, "ExpiredObjectDeleteMarker") === "true";
  const expires = expiration === undefined || removesMarkers ? undefined : parseDue(expiration);
  const rule = {
    matches: parseFilter(element),
    expires,
    removesLoneMarkers: removesMarkers || expires !== undefined,
    noncurrentExpires: noncurrent && parseNoncurrent(noncurrent),
    transitions: childrenOf(element, "Transition").map((each) => ({ ...parseDue(each), ...parseClass(each) })),
    noncurrentTransitions: childrenOf(element, "NoncurrentVersionTransition").map((each) => ({
      ...parseNoncurrent(each),
      ...parseClass(each),
    })),
  };
  return { isEnabled: status === "Enabled", rule };
}

/** Prefix, tags and sizes, all of which must match; within `Filter`, its `And`, or (the prefix) in the rule itself. */
function parseFilter(rule: XmlElement): (version: Version) => boolean {
  const filter = childOf(rule, "Filter");
  const conditions = [rule, filter, childOf(filter, "And")];
  if (filter !== undefined) {
    allowOnly(filter, ["Prefix", "Tag", "And", "ObjectSizeGreaterThan", "ObjectSizeLessThan"]);
  }
  const prefix = conditions.map((each) => textOf(each, "Prefix") ?? "").join("");
  const tags = conditions.slice(1).flatMap((each) => childrenOf(each, "Tag").map(tagOf));
  const sizes = (name: string): readonly number[] =>
    conditions.flatMap((each) => childrenOf(each, name)).map((each) => parseCount(each.text));
  const over = sizes("ObjectSizeGreaterThan");
  const under = sizes("ObjectSizeLessThan");
  return (version) =>
    version.key.startsWith(prefix) &&
    tags.every(([key, value]) => version.tags[key] === value) &&
    over.every((size) => version.size > size) &&
    under.every((size) => version.size < size);
}

function parseDue(element: XmlElement): Due {
  allowOnly(element, ["Days", "Date", "StorageClass", "ExpiredObjectDeleteMarker"]);
  const date = textOf(element, "Date");
  if (date === undefined) {
    return { days: parseCount(textOf(element, "Days")) };
  }
  const time = Date.parse(date);
  if (Number.isNaN(time)) {
    throw s3Error("MalformedXML");
  }
  return { date: time };
}

function parseNoncurrent(element: XmlElement): Noncurrent {
  allowOnly(element, ["NoncurrentDays", "NewerNoncurrentVersions", "StorageClass"]);
  return {
    days: parseCount(textOf(element, "NoncurrentDays")),
    keep: parseCount(textOf(element, "NewerNoncurrentVersions") ?? "0"),
  };
}

function parseClass(element: XmlElement): { readonly storageClass: string } {
  const storageClass = textOf(element, "StorageClass") ?? "";
  if (!TRANSITION_CLASSES.includes(storageClass)) {
    throw s3Error("MalformedXML");
  }
  return { storageClass };
}

function parseCount(text: string | undefined): number {
  if (!/^\d{1,9}$/.test(text?.trim() ?? "")) {
    throw s3Error("MalformedXML");
  }
  return Number(text);
}
