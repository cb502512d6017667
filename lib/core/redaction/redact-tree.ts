/** Walks a JSON value of any depth and copies it without the secrets that names and looks give away. */
import { isHarmless } from "./harmless-value.ts";
import { KUBERNETES_SECRET, SECRET_MEMBERS } from "./kubernetes-secrets.ts";
import { type Place, pathTo } from "./place.ts";
import { redactLooks } from "./redact-looks.ts";
import { kindOfCredentialMember, kindOfName } from "./secret-name.ts";
import { kindOfArgument, kindOfNeighbour } from "./secret-neighbour.ts";
import { type Fingerprint, isRedacted, marker, markOf, type SecretMark } from "./secret-range.ts";
import { needsPreset } from "./secretlint-preset.ts";

export interface Redaction extends SecretMark {
  /** JSON pointer (RFC 6901); of a very long one the end. */
  readonly path: string;
}

/** A text that only the dear rules can judge, and how to put back what they leave of it. */
interface UnsureText {
  readonly text: string;
  replace(text: string): void;
  path(): string;
}

export interface RedactedTree {
  readonly root: { readonly value: unknown };
  readonly redactions: readonly Redaction[];
  readonly unsure: readonly UnsureText[];
}

type JsonObject = Record<string, unknown>;

/** A container whose copy is still to be filled. */
interface Visit {
  readonly source: unknown[] | JsonObject;
  readonly target: unknown[] | JsonObject;
  readonly place: Place;
  /** What the container's own name says of the strings directly in it. */
  readonly kind: string | undefined;
}

interface Walk {
  readonly visits: Visit[];
  readonly redactions: Redaction[];
  readonly unsure: UnsureText[];
  readonly fingerprint: Fingerprint | undefined;
}

const CODE_MIN = 1_000;
/** Shorter keys hold no token. */
const SECRET_KEY_LENGTH_MIN = 16;
/** Where an object named after a secret keeps it: `{ password: { value: "…" } }`. */
const CONTENT = /^(?:value|data|plaintext|content)$/i;

export function redactTree(value: unknown, fingerprint?: Fingerprint): RedactedTree {
  const root = { value: undefined as unknown };
  const walk: Walk = { visits: [], redactions: [], unsure: [], fingerprint };
  walk.visits.push({
    source: { value },
    target: root,
    place: { parent: undefined, key: "", depth: -1 },
    kind: undefined,
  });
  // A list rather than recursion: the depth of an event is its sender's choice.
  for (let at = 0, visit = walk.visits[at]; visit !== undefined; at += 1, visit = walk.visits[at]) fill(walk, visit);
  return { root, redactions: walk.redactions, unsure: walk.unsure };
}

function fill(walk: Walk, visit: Visit): void {
  const { source } = visit;
  if (Array.isArray(source)) {
    for (const [index, value] of source.entries()) {
      copy(walk, visit, index, value, visit.kind ?? kindOfArgument(source, index));
    }
    return;
  }
  for (const [index, key] of Object.keys(source).entries()) {
    const value = source[key];
    const canHoldSecret = typeof value === "string" || isCode(value) || (typeof value === "object" && value !== null);
    copy(
      walk,
      visit,
      freeKey(walk, visit, key, index),
      value,
      canHoldSecret ? kindOfMember(source, key, isCode(value) ? undefined : visit.kind) : undefined,
    );
  }
}

function kindOfMember(source: JsonObject, key: string, container: string | undefined): string | undefined {
  if (container === KUBERNETES_SECRET) return container;
  if (container === "credentials") return kindOfCredentialMember(key);
  if (container !== undefined && CONTENT.test(key)) return container;
  if (SECRET_MEMBERS.has(key) && source["kind"] === "Secret") return KUBERNETES_SECRET;
  return kindOfName(key) ?? kindOfNeighbour(source, key);
}

function copy(walk: Walk, visit: Visit, key: string | number, value: unknown, kind: string | undefined): void {
  if (typeof value === "string") {
    put(visit.target, key, copyString(walk, visit, key, value, kind));
  } else if (typeof value === "object" && value !== null) {
    const target = Array.isArray(value) ? [] : {};
    put(visit.target, key, target);
    walk.visits.push({ source: value as JsonObject, target, place: placeOf(visit, key), kind });
  } else if (kind !== undefined && isCode(value)) {
    put(visit.target, key, take(walk, placeOf(visit, key), kind, String(value)));
  } else {
    put(visit.target, key, value);
  }
}

/** A password of digits or a one-time code; under a secret's name, smaller numbers count or switch something. */
function isCode(value: unknown): boolean {
  return typeof value === "number" && Math.abs(value) >= CODE_MIN;
}

function copyString(walk: Walk, visit: Visit, key: string | number, value: string, kind: string | undefined): string {
  if (kind !== undefined && !isHarmless(value)) {
    return take(walk, placeOf(visit, key), kind, value);
  }
  const { text, secrets } = redactLooks(value, walk.fingerprint);
  if (secrets.length > 0) note(walk, placeOf(visit, key), secrets);
  if (needsPreset(text)) {
    const replace = (rest: string): void => put(visit.target, key, rest);
    walk.unsure.push({ text, replace, path: () => pathTo(placeOf(visit, key)) });
  }
  return text;
}

/** A key may itself be a secret. Two that become the same stay two members. */
function freeKey(walk: Walk, { target, place }: Visit, key: string, index: number): string {
  if (key.length < SECRET_KEY_LENGTH_MIN) return key;
  const { text, secrets } = redactLooks(key, walk.fingerprint);
  if (secrets.length === 0 && !isRedacted(key)) return key;
  note(walk, place, secrets);
  return Object.hasOwn(target, text) ? `${text}~${index}` : text;
}

/** @returns what stands in the place of a value that is a secret as a whole */
function take(walk: Walk, place: Place, kind: string, secret: string): string {
  const mark = markOf(kind, secret, walk.fingerprint);
  note(walk, place, [mark]);
  return marker(mark);
}

function note(walk: Walk, place: Place, secrets: readonly SecretMark[]): void {
  const path = pathTo(place);
  for (const mark of secrets) walk.redactions.push({ path, ...mark });
}

function placeOf({ place }: Visit, key: string | number): Place {
  return { parent: place, key, depth: place.depth + 1 };
}

/** Assigning to `__proto__` would change the copy's prototype; as a property it is a key like any other. */
function put(target: unknown[] | JsonObject, key: string | number, value: unknown): void {
  if (key === "__proto__") {
    Object.defineProperty(target, key, { value, writable: true, enumerable: true, configurable: true });
  } else {
    (target as JsonObject)[key] = value;
  }
}
