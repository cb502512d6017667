/** Secrets that free text names beside the value rather than before it: `name=X,value=Y` pairs and XML elements. */
import { isHarmlessInText } from "./harmless-value.ts";
import { kindOfName } from "./secret-name.ts";
import type { SecretRange } from "./secret-range.ts";
import { readValue } from "./secret-value.ts";

// Each of these begins with a literal or at the start of a word and has bounded gaps: no text makes one start over at length.
/** `{"name":"DB_PASSWORD","type":"PLAINTEXT","value":"x"}`, also escaped, `ParameterKey=DbPassword,ParameterValue=x`, and on two lines in YAML. */
const PAIR =
  /(?:name|key)["'\\]{0,5}\s{0,4}[:=]\s{0,4}["'\\]{0,5}([\w./-]{1,128})["'\\]{0,5}?(?:\s{0,4},\s{0,4}|[ \t]{0,4}(?:\r?\n|\\{1,7}n)[ \t]{0,64})(?:["'\\]{0,5}type["'\\]{0,5}\s{0,4}[:=]\s{0,4}["'\\]{0,5}(?:plaintext|string|securestring)["'\\]{0,5}\s{0,4},\s{0,4})?["'\\]{0,5}\w{0,16}value["'\\]{0,5}\s{0,4}[:=]\s{0,4}/gi;
const REFERENCE_TYPE =
  /["'\\]{0,5}\s{0,4},\s{0,4}["'\\]{0,5}type["'\\]{0,5}\s{0,4}[:=]\s{0,4}["'\\]{0,5}(?:PARAMETER_STORE|SECRETS_MANAGER)/y;

const ELEMENT = /<([\w.:-]{1,64})>([^<]{1,4096})<\//g;

/** `{"value":"x","name":"DB_PASSWORD"}`: some writers sort them so. */
const VALUE_FIRST =
  /\bvalue(\\{0,7})"\s{0,4}:\s{0,4}\1"([^"\\]{1,1024})\1"\s{0,4},\s{0,4}\1"(?:name|key)\1"\s{0,4}:\s{0,4}\1"([\w./-]{1,128})\1"/gi;

export function pairedSecrets(text: string): readonly SecretRange[] {
  const found: SecretRange[] = [];
  for (const match of text.matchAll(PAIR)) {
    const kind = kindOfName(match[1] ?? "");
    const value = kind && readValue(text, match.index + match[0].length);
    if (!value) continue;
    REFERENCE_TYPE.lastIndex = value.end;
    if (!REFERENCE_TYPE.test(text)) found.push({ ...value, kind });
  }
  for (const { index, 0: pair, 2: value = "", 3: name = "" } of text.matchAll(VALUE_FIRST)) {
    const kind = kindOfName(name);
    const start = index + pair.indexOf(`"${value}`, 'value"'.length) + 1;
    if (kind !== undefined) found.push({ start, end: start + value.length, kind });
  }
  for (const { index, 0: element, 1: name = "", 2: value = "" } of text.matchAll(ELEMENT)) {
    const kind = kindOfName(name);
    const end = index + element.length - "</".length;
    if (kind !== undefined) found.push({ start: end - value.length, end, kind });
  }
  return found.filter(({ start, end }) => !isHarmlessInText(text.slice(start, end)));
}
