/** Tags of objects, in a header and in XML (https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-tagging.html). */
import { s3Error } from "./s3-error.ts";
import { allowOnly, childOf, childrenOf, parseXml, textOf, type XmlElement } from "./xml-parse.ts";

export type Tags = Readonly<Record<string, string>>;

const MAX_TAGS = 10;
const MAX_KEY_LENGTH = 128;
const MAX_VALUE_LENGTH = 256;
const CHARACTERS = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

/** `a=1&b=2`, as in x-amz-tagging. */
export function tagsOfHeader(header: string | undefined): Tags {
  return checkTags([...new URLSearchParams(header ?? "")]);
}

/** The body of PutObjectTagging. */
export function tagsOfXml(body: Buffer): Tags {
  const root = parseXml(body, "Tagging");
  allowOnly(root, ["TagSet"]);
  const set = childOf(root, "TagSet");
  if (set === undefined) {
    throw s3Error("MalformedXML");
  }
  return checkTags(childrenOf(set, "Tag").map(tagOf));
}

/** A `<Tag>` of a tag set or a lifecycle filter. */
export function tagOf(element: XmlElement): readonly [string, string] {
  const key = textOf(element, "Key");
  const value = textOf(element, "Value");
  if (key === undefined || value === undefined) {
    throw s3Error("MalformedXML");
  }
  return [key, value];
}

function checkTags(tags: readonly (readonly [string, string])[]): Tags {
  if (tags.length > MAX_TAGS) {
    throw s3Error("BadRequest", `Object tags cannot be greater than ${MAX_TAGS}`);
  }
  if (new Set(tags.map(([key]) => key)).size < tags.length) {
    throw s3Error("InvalidTag", "Cannot provide multiple Tags with the same key");
  }
  for (const [key, value] of tags) {
    if (key === "" || key.length > MAX_KEY_LENGTH || !CHARACTERS.test(key)) {
      throw s3Error("InvalidTag", "The TagKey you have provided is invalid");
    }
    if (value.length > MAX_VALUE_LENGTH || !CHARACTERS.test(value)) {
      throw s3Error("InvalidTag", "The TagValue you have provided is invalid");
    }
  }
  return Object.fromEntries(tags);
}
