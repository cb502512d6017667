/** The cheap first look at a whole value: most events hold no secret, and need no copy. */
import { isHarmless } from "./harmless-value.ts";
import { KUBERNETES_SECRET, SECRET_MEMBERS } from "./kubernetes-secrets.ts";
import { recentSet } from "./recent-set.ts";
import { redactLooks } from "./redact-looks.ts";
import { kindOfName } from "./secret-name.ts";
import { kindOfNeighbour, mayHaveNeighbour } from "./secret-neighbour.ts";
import { needsPreset } from "./secretlint-preset.ts";

/** Names, regions, ARNs and user agents come again in each event: what was found clean is not looked at twice. Some 2 MB at most. */
const REMEMBERED_TEXTS = 4_096;
const REMEMBERED_LENGTH_MAX = 256;
const cleanTexts = recentSet(REMEMBERED_TEXTS);

const REMEMBERED_NAMES = 2_048;
/** Names of members that neither are secrets nor say that their value is one. */
const cleanNames = recentSet(REMEMBERED_NAMES);

type JsonObject = Readonly<Record<string, unknown>>;

/** True only where the careful walk would find nothing either, nor the preset have anything to judge; false where it has to be asked. */
export function isClean(value: unknown): boolean {
  // A list rather than recursion: the depth of an event is its sender's choice.
  const containers: object[] = [];
  if (!isCleanMember(value, containers)) return false;
  for (let container = containers.pop(); container !== undefined; container = containers.pop()) {
    const areClean = Array.isArray(container)
      ? isCleanList(container, containers)
      : isCleanObject(container, containers);
    if (!areClean) return false;
  }
  return true;
}

function isCleanMember(value: unknown, containers: object[]): boolean {
  if (typeof value === "string") return isCleanText(value);
  if (typeof value === "object" && value !== null) containers.push(value);
  return true;
}

/** A flag says what the argument behind it is: left to the careful walk. */
function isCleanList(list: readonly unknown[], containers: object[]): boolean {
  for (const value of list) {
    if (typeof value === "string" && value.startsWith("-")) return false;
    if (!isCleanMember(value, containers)) return false;
  }
  return true;
}

function isCleanObject(object: object, containers: object[]): boolean {
  const source = object as JsonObject;
  for (const name of Object.keys(source)) {
    const value = source[name];
    if (!(cleanNames.has(name) || isCleanName(name) || isHarmlessUnder(source, name, value))) return false;
    if (!isCleanMember(value, containers)) return false;
  }
  return true;
}

function isCleanName(name: string): boolean {
  const saysMore = mayHaveNeighbour(name) || SECRET_MEMBERS.has(name) || kindOfName(name) !== undefined;
  if (saysMore || redactLooks(name).secrets.length > 0) return false;
  if (name.length <= REMEMBERED_LENGTH_MAX) cleanNames.add(name);
  return true;
}

/** Under a name that may say that its value is a secret. */
function isHarmlessUnder(source: JsonObject, name: string, value: unknown): boolean {
  if (redactLooks(name).secrets.length > 0) return false;
  const isManifest = SECRET_MEMBERS.has(name) && source["kind"] === "Secret";
  const kind = isManifest ? KUBERNETES_SECRET : (kindOfName(name) ?? kindOfNeighbour(source, name));
  if (kind === undefined || value === null || typeof value === "boolean") return true;
  return typeof value === "string" && isHarmless(value);
}

function isCleanText(text: string): boolean {
  if (text.length > REMEMBERED_LENGTH_MAX) return hasCleanLooks(text);
  if (cleanTexts.has(text)) return true;
  if (!hasCleanLooks(text)) return false;
  cleanTexts.add(text);
  return true;
}

function hasCleanLooks(text: string): boolean {
  return redactLooks(text).secrets.length === 0 && !needsPreset(text);
}
