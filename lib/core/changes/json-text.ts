/** JSON within JSON: policies travel as text, sometimes as a form writes it (https://docs.aws.amazon.com/IAM/latest/APIReference/API_PolicyVersion.html). */
import { parseJson } from "../sources/json.ts";

/** The value that a text holds, parsed; what is no JSON stays the text that it is. */
export function fromJsonText(value: unknown): unknown {
  if (typeof value !== "string") return value;
  const text = /^\s*%7B/i.test(value) ? decoded(value) : value;
  if (!/^\s*[{[]/.test(text)) return value;
  try {
    return parseJson(text, "the document");
  } catch {
    // Cut off by CloudTrail, redacted in the middle, or hostile: a text is compared as text.
    return value;
  }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    return text;
  }
}
