/** A place in a JSON value and its JSON pointer (RFC 6901), which is only written out for what is redacted. */

export interface Place {
  readonly parent: Place | undefined;
  readonly key: string | number;
  /** The root is at 0. */
  readonly depth: number;
}

/** Hostile depths and names would make the list of redactions larger than the event. */
const SEGMENTS_MAX = 32;
const SEGMENT_LENGTH_MAX = 128;

export function pathTo(place: Place): string {
  const segments: string[] = [];
  let at: Place | undefined = place;
  while (at !== undefined && at.depth > 0 && segments.length < SEGMENTS_MAX) {
    segments.push(segment(String(at.key)));
    at = at.parent;
  }
  if (at !== undefined && at.depth > 0) segments.push("…");
  return segments
    .reverse()
    .map((text) => `/${text}`)
    .join("");
}

function segment(key: string): string {
  const short = key.length > SEGMENT_LENGTH_MAX ? `${key.slice(0, SEGMENT_LENGTH_MAX)}…` : key;
  return short.replaceAll("~", "~0").replaceAll("/", "~1");
}
