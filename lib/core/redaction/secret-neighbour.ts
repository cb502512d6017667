/** Names of secrets that stand beside the value rather than before it: `{ name: "DB_PASSWORD", value: "…" }`, `["--password", "…"]`. */
import { kindOfName } from "./secret-name.ts";

/** CodeBuild, ECS, CloudFormation, SSM, GitLab and HTTP archives write pairs with these. */
const VALUES = new Set([
  "value",
  "Value",
  "parameterValue",
  "ParameterValue",
  "resolvedValue",
  "ResolvedValue",
  "defaultValue",
  "DefaultValue",
  "default",
  "Default",
]);
const CLIENT_TOKEN = "clientToken";
const NAMES = ["name", "Name", "key", "Key", "parameterKey", "ParameterKey", "variable"];
const TYPES = ["type", "Type"];

/** CodeBuild: the value is where the secret is kept. */
const REFERENCES = new Set(["PARAMETER_STORE", "SECRETS_MANAGER"]);

const FLAG = /^--?([A-Za-z][\w.-]{0,63})$/;
const USER_FLAG = /^(?:-u|--user|--username|--login)$/;

/** Whether the members beside a member of this name can say that it is a secret. */
export function mayHaveNeighbour(key: string): boolean {
  return key === CLIENT_TOKEN || VALUES.has(key);
}

/** The kind of secret in `source[key]`, told by the members beside it. */
export function kindOfNeighbour(source: Readonly<Record<string, unknown>>, key: string): string | undefined {
  // Everywhere else it makes a call idempotent; with a third-party job of CodePipeline it is the worker's password.
  if (key === CLIENT_TOKEN) return ownString(source, ["jobId"]) === undefined ? undefined : "token";
  if (!VALUES.has(key)) return undefined;
  const type = ownString(source, TYPES);
  if (type === "SecureString") return "secure-string";
  if (type !== undefined && REFERENCES.has(type)) return undefined;
  const name = ownString(source, NAMES);
  return name === undefined ? undefined : kindOfName(name);
}

function ownString(source: Readonly<Record<string, unknown>>, keys: readonly string[]): string | undefined {
  for (const key of keys) {
    const value = Object.hasOwn(source, key) ? source[key] : undefined;
    if (typeof value === "string") return value;
  }
  return undefined;
}

/** Commands whose short flag takes a password, in the next argument or, for the clients of MySQL, in the same. */
const PASSWORD_FLAGS: Readonly<Record<string, RegExp>> = {
  "-p": /^(?:.{0,256}\/)?(?:sshpass|mongo(?:sh|dump|restore|import|export)?)$/,
  "-a": /^(?:.{0,256}\/)?redis-cli$/,
  "-P": /^(?:.{0,256}\/)?(?:sqlcmd|bcp|isql|zip|unzip)$/,
  "-w": /^(?:.{0,256}\/)?ldap(?:search|modify|add|delete|passwd)$/,
};
const MYSQL = /^(?:.{0,256}\/)?(?:mysql|mysqldump|mysqladmin|mysqlimport|mariadb)$/;
const MYSQL_FLAG = /^-p[^\s-]/;
/** `sudo -E` or `exec` may stand before the command. */
const COMMAND_AT_MAX = 3;

/** The kind of secret in one element of a command's arguments, told by the elements before it. */
export function kindOfArgument(list: readonly unknown[], index: number): string | undefined {
  const flag = list[index - 1];
  const value = list[index];
  if (typeof flag !== "string" || typeof value !== "string" || value.startsWith("--")) return undefined;
  if (MYSQL_FLAG.test(value) && isCommand(list, MYSQL)) return "password";
  const commands = Object.hasOwn(PASSWORD_FLAGS, flag) ? PASSWORD_FLAGS[flag] : undefined;
  if (commands !== undefined && isCommand(list, commands)) return "password";
  // Alone it is a port or a path; behind a user's name it is a password.
  if (flag === "-p") return isUserFlag(list[index - 3]) ? "password" : undefined;
  const name = FLAG.exec(flag)?.[1];
  return name === undefined || value.startsWith("id=") ? undefined : kindOfName(name);
}

/** Whatever stands there: an object of the sender's may not even become a text. */
function isUserFlag(word: unknown): boolean {
  return typeof word === "string" && USER_FLAG.test(word);
}

function isCommand(list: readonly unknown[], commands: RegExp): boolean {
  return list.slice(0, COMMAND_AT_MAX).some((word) => typeof word === "string" && commands.test(word));
}
