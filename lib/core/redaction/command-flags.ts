/** Secrets on command lines: `--password x`, and the short flags of commands that are known to take one. */
import { isHarmlessInText } from "./harmless-value.ts";
import { kindOfName } from "./secret-name.ts";
import type { SecretRange } from "./secret-range.ts";
import { readValue } from "./secret-value.ts";

/** `--password x`, `-Password x`, and as an array's text `"--password", "x"`. */
const FLAG = /(?<![\w-])--?([A-Za-z][\w.-]{0,63})(?:\s{1,4}|\\{0,7}["']\s{0,4},\s{0,4}(?=\\{0,7}["']))(?![\s-])/g;
/** `docker build --secret id=npm,src=…` names a file; the words are what help texts say behind a flag. */
const NOT_A_FLAG_VALUE =
  /^(?:id=.*|is|was|and|or|not|to|for|from|must|option|flag|parameter|argument|file|cannot|can)$/;

/** Commands whose short flag is known to take a password; elsewhere `-p` is a port, a path or a project. */
const SHORT_FLAGS = [
  /\bsshpass\s{1,4}-p\s{0,4}/g,
  /\b(?:mysql|mysqldump|mysqladmin|mysqlimport|mariadb)\b[^\n|;&]{0,200}?\s-p(?=[^\s-])/g,
  /\b(?:docker|podman|nerdctl|buildah|skopeo|crane|oras|helm|az|oc|cf)\b[^\n|;&]{0,80}?\blogin\b[^\n|;&]{0,200}?\s-p[ =]{1,4}(?=[^\s-])/g,
  /\bmongo(?:sh|dump|restore|import|export)?\b[^\n|;&]{0,200}?\s-p\s{1,4}(?=[^\s-])/g,
  /\bredis-cli\b[^\n|;&]{0,200}?\s-a\s{1,4}(?=[^\s-])/g,
  /\b(?:sqlcmd|bcp|isql|zip|unzip)\b[^\n|;&]{0,200}?\s-P\s{0,4}(?=[^\s-])/g,
  /\bldap(?:search|modify|add|delete|passwd)\b[^\n|;&]{0,200}?\s-w\s{1,4}(?=[^\s-])/g,
  /(?<!\S)(?:-u|--user|--username|--login)[ =]{1,4}[^\s|;&]{1,128}\s{1,4}-p\s{1,4}(?=[^\s-])/g,
  /["'](?:-u|--user|--username|--login)\\{0,7}["']\s{0,4},\s{0,4}\\{0,7}["'][^"'\\]{1,128}\\{0,7}["']\s{0,4},\s{0,4}\\{0,7}["']-p\\{0,7}["']\s{0,4},\s{0,4}(?=\\{0,7}["'])/g,
  /\bcurl\b[^\n|;]{0,400}?\s(?:-u|--user)[ =]{0,4}["']?[^\s:"'|;]{1,128}:(?=[^\s])/g,
];

export function flaggedSecrets(text: string): readonly SecretRange[] {
  const found: SecretRange[] = [];
  for (const match of text.matchAll(FLAG)) {
    const kind = kindOfName(match[1] ?? "");
    const value = kind && readValue(text, match.index + match[0].length);
    if (value && !NOT_A_FLAG_VALUE.test(text.slice(value.start, value.end))) found.push({ ...value, kind });
  }
  return found.filter(({ start, end }) => !isHarmlessInText(text.slice(start, end)));
}

export function shortFlagSecrets(text: string): readonly SecretRange[] {
  const found: SecretRange[] = [];
  for (const flag of SHORT_FLAGS) {
    for (const match of text.matchAll(flag)) {
      const value = readValue(text, match.index + match[0].length);
      if (value) found.push({ ...value, kind: "password" });
    }
  }
  return found.filter(({ start, end }) => !isHarmlessInText(text.slice(start, end)));
}
