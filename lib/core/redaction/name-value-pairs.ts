/** Secrets that free text names beside the value rather than before it: `name=X,value=Y` pairs and XML elements. */
import { isHarmlessInText } from "./harmless-value.ts";
import { kindOfName } from "./secret-name.ts";
import type { SecretRange } from "./secret-range.ts";
import { readValue } from "./secret-value.ts";

// Each of these begins with a literal or at the start of a word and has bounded gaps: no text makes one start over at length.
/** `{"name":"DB_PASSWORD","type":"PLAINTEXT","value":"x"}`, also escaped, and `ParameterKey=DbPassword,ParameterValue=x`. */
const PAIR =
  /(?:name|key)["'\\]{0,5}\s{0,4}[:=]\s{0,4}["'\\]{0,5}([\w./-]{1,128})["'\\]{0,5}\s{0,4},\s{0,4}(?:["'\\]{0,5}type["'\\]{0,5}\s{0,4}[:=]\s{0,4}["'\\]{0,5}(?:plaintext|string|securestring)["'\\]{0,5}\s{0,4},\s{0,4})?["'\\]{0,5}\w{0,16}value["'\\]{0,5}\s{0,4}[:=]\s{0,4}/gi;
const REFERENCE_TYPE =
  /["'\\]{0,5}\s{0,4},\s{0,4}["'\\]{0,5}type["'\\]{0,5}\s{0,4}[:=]\s{0,4}["'\\]{0,5}(?:PARAMETER_STORE|SECRETS_MANAGER)/y;

const ELEMENT = /<([\w.:-]{1,64})>([^<]{1,4096})<\//g;

export function pairedSecrets(text: string): readonly SecretRange[] {
  const found: SecretRange[] = [];
  for (const match of text.matchAll(PAIR)) {
    const kind = kindOfName(match[1] ?? "");
    const value = kind && readValue(text, match.index + match[0].length);
    if (!value) continue;
    REFERENCE_TYPE.lastIndex = value.end;
    if (!REFERENCE_TYPE.test(text)) found.push({ ...value, kind });
  }
  for (const { index, 0: element, 1: name = "", 2: value = "" } of text.matchAll(ELEMENT)) {
    const kind = kindOfName(name);
    const end = index + element.length - "</".length;
    if (kind !== undefined) found.push({ start: end - value.length, end, kind });
  }
  return found.filter(({ start, end }) => !isHarmlessInText(text.slice(start, end)));
}
