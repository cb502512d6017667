/** Secrets with nothing but white space between name and value: `ENV DB_PASSWORD x`, `aws configure set … x`, `.netrc`, SQL. */
import { isHarmlessInText } from "./harmless-value.ts";
import { kindOfName } from "./secret-name.ts";
import type { SecretRange } from "./secret-range.ts";
import { readValue } from "./secret-value.ts";

/** Of a Dockerfile, also in a diff; of Windows, the AWS command line and npm. */
const SET = /(?:^[ \t+-]{0,16}(?:ENV|ARG)|\bconfig(?:ure)? set|\bsetx)[ \t]{1,4}([\w./:-]{1,128})[ \t]{1,4}(?=\S)/gm;

const SPOKEN = [
  /\b(?:machine\s{1,4}\S{1,253}|default)\s{1,16}login\s{1,4}\S{1,128}\s{1,16}password\s{1,4}(?=\S)/g,
  /\bpassword\s{1,4}(?=\\{0,7}')/gi,
  /\bidentified\s{1,4}(?:with\s{1,4}\S{1,64}\s{1,4})?by\s{1,4}(?:password\s{1,4})?(?=\\{0,7}['"])/gi,
  /=\s{0,4}PASSWORD\((?=\\{0,7}')/gi,
  /\bConvertTo-SecureString\s{1,4}(?:-String\s{1,4})?(?=\\{0,7}['"])/gi,
  /\bgh secret set\s{1,4}\S{1,128}\s[^\n|;&]{0,128}?(?:--body|-b)[ =]{1,4}(?=\S)/g,
  /\becho\s{1,4}(?:-n\s{1,4})?(?=[^\s|][^|\n]{0,512}\|[^|\n]{0,128}--password-stdin)/g,
];

/** What `aws ssm put-parameter` is given, to the end of the command. */
const PARAMETER = /\bput-parameter\b([^\n|;&]{0,1024})/g;
const SECURE_STRING = /\bSecureString\b/;
const PARAMETER_NAME = /--name[ =]{1,4}["']?([\w./-]{1,256})/;
const PARAMETER_VALUE = /--value[ =]{1,4}(?=\S)/;

export function spokenSecrets(text: string): readonly SecretRange[] {
  const found: SecretRange[] = [];
  const take = (at: number, kind: string | undefined): void => {
    const value = kind === undefined ? undefined : readValue(text, at);
    if (value !== undefined && kind !== undefined) found.push({ ...value, kind });
  };
  for (const { 0: set, 1: name = "", index } of text.matchAll(SET)) take(index + set.length, kindOfName(name));
  for (const pattern of SPOKEN) {
    for (const { 0: spoken, index } of text.matchAll(pattern)) take(index + spoken.length, "password");
  }
  for (const { 0: call, 1: parameters = "", index } of text.matchAll(PARAMETER)) {
    const value = PARAMETER_VALUE.exec(parameters);
    const at = index + call.length - parameters.length + (value === null ? 0 : value.index + value[0].length);
    if (value !== null) take(at, kindOfParameter(parameters));
  }
  return found.filter(({ start, end }) => !isHarmlessInText(text.slice(start, end)));
}

function kindOfParameter(parameters: string): string | undefined {
  if (SECURE_STRING.test(parameters)) return "secure-string";
  return kindOfName(PARAMETER_NAME.exec(parameters)?.[1] ?? "");
}
