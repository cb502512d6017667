/** Whoever has a local cloud plays anybody in it: a key id that says whom. */

/** What follows is the ARN in hexadecimal: a key id takes no colons and slashes. */
const KEY_PREFIX = "LOCALAS";
const PERSON_ARN = /^arn:aws:(?:iam::\d{12}:user|sts::\d{12}:assumed-role)\/[\w+=,.@/-]{1,512}$/;

/** Users and sessions are nobody's but those of people who are played: functions call as roles. They may do what the owner may. */
export function isPlayed(arn: string): boolean {
  return PERSON_ARN.test(arn);
}

/** @param arn of a user, or of a role's session */
export function keyOfPlayed(arn: string): string {
  return KEY_PREFIX + Buffer.from(arn).toString("hex");
}

/** Undefined for a key of anybody else. */
export function playedBy(accessKeyId: string): string | undefined {
  if (!accessKeyId.startsWith(KEY_PREFIX)) return undefined;
  const arn = Buffer.from(accessKeyId.slice(KEY_PREFIX.length), "hex").toString("utf8");
  return isPlayed(arn) ? arn : undefined;
}
