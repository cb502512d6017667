/** CloudEvents out of a request's headers and body (https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/http-protocol-binding.md). */
import { CloudEvent, HTTP, ValidationError } from "cloudevents";
import { GatebookError } from "../errors.ts";
import { readCloudEvent } from "../sources/cloudevent-schema.ts";
import { isObject, type JsonObject, parseJson } from "../sources/json.ts";

/** Of an attribute, `data` aside: the specification asks that all of them together stay small. */
const MAX_ATTRIBUTE_CHARS = 2_048;
const MAX_SHOWN_CHARS = 64;

type Headers = Readonly<Record<string, string | undefined>>;

/** As the content type says: one event, many, or none, in which case the headers are one event's attributes and the body is its data. */
export type CloudEventsMode = "structured" | "batch" | "binary";

const MODES: ReadonlyMap<string, CloudEventsMode> = new Map([
  ["application/cloudevents+json", "structured"],
  ["application/cloudevents-batch+json", "batch"],
]);

const JSON_TYPE = /^(?:application|text)\/(?:[\w.-]+\+)?json\s*(?:;|$)/i;

/** @param headers names in lower case */
export function modeOf(headers: Headers): CloudEventsMode | undefined {
  const mediaType = headers["content-type"]?.split(";")[0]?.trim().toLowerCase() ?? "";
  return MODES.get(mediaType) ?? (headers["ce-specversion"] === undefined ? undefined : "binary");
}

/**
 * Every attribute and extension, and `data` as it is: nothing is checked yet but that it is JSON.
 *
 * @throws GatebookError `INPUT_INVALID`
 */
export function parseCloudEvents(mode: CloudEventsMode, headers: Headers, body: Uint8Array): readonly unknown[] {
  if (mode === "binary") return [fromHeaders(headers, body)];
  const value = parseJson(utf8(body), "the body");
  if (mode === "structured") return [value];
  if (!Array.isArray(value)) throw new GatebookError("INPUT_INVALID", "the body is JSON, and no list of events");
  return value;
}

/**
 * @param now epoch milliseconds; stands in for the time of an event that tells none, and is not kept
 * @throws GatebookError `INPUT_INVALID` for what the specification does not allow, without quoting a value
 */
export function checkCloudEvent(value: unknown, now: number): JsonObject {
  readCloudEvent(value);
  if (!isObject(value)) throw new GatebookError("INPUT_INVALID", "the event is no object");
  checkLengths(value);
  try {
    // Left to itself, the library makes up an id and a time where there is none.
    new CloudEvent({ time: new Date(now).toISOString(), ...value });
  } catch (cause) {
    throw new GatebookError("INPUT_INVALID", `the event is no CloudEvent: ${whyOf(cause)}`, { cause });
  }
  return value;
}

/** The library matches attributes with expressions that were not made for megabytes. */
function checkLengths(event: JsonObject): void {
  for (const [name, value] of Object.entries(event)) {
    const isData = name === "data" || name === "data_base64";
    if (isData || typeof value !== "string" || value.length <= MAX_ATTRIBUTE_CHARS) continue;
    const which = name.slice(0, MAX_SHOWN_CHARS);
    throw new GatebookError(
      "INPUT_INVALID",
      `the attribute ${which} has ${value.length} characters; the limit is ${MAX_ATTRIBUTE_CHARS}`,
    );
  }
}

function fromHeaders(headers: Headers, body: Uint8Array): unknown {
  const { "content-type": datacontenttype = "", "ce-time": time, ...rest } = headers;
  const named = Object.entries(rest).map(([name, value = ""]) => [
    name,
    name.startsWith("ce-") ? percentDecoded(value) : value,
  ]);
  // The library knows JSON by few of its spellings.
  const contentType = JSON_TYPE.test(datacontenttype) ? "application/json" : datacontenttype;
  try {
    const text = textOf(body);
    const attributes = { ...Object.fromEntries(named), ...(contentType !== "" && { "content-type": contentType }) };
    const parsed = HTTP.toEvent({ headers: attributes, body: text === "" ? undefined : text });
    const { time: _madeUp, ...event }: JsonObject = JSON.parse(JSON.stringify(parsed));
    const told = { ...(datacontenttype !== "" && { datacontenttype }), ...(time !== undefined && { time }) };
    return parseJson(JSON.stringify({ ...event, ...told }), "the event");
  } catch (cause) {
    if (cause instanceof GatebookError) throw cause;
    // The library's own words quote the body, which may hold a secret.
    throw new GatebookError(
      "INPUT_INVALID",
      "the ce- headers are no event's, or its data is not what its content type says",
    );
  }
}

/** As text if it is any, else as bytes, which become `data_base64`. */
function textOf(body: Uint8Array): string | Uint8Array {
  try {
    return utf8(body);
  } catch {
    return body;
  }
}

function utf8(body: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(body);
  } catch (cause) {
    throw new GatebookError("INPUT_INVALID", "the body is not UTF-8", { cause });
  }
}

/** Headers hold ASCII: the binding has everything else encoded. */
function percentDecoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}

/** The schema's own messages, which name places and not values. */
function whyOf(cause: unknown): string {
  const errors: unknown = cause instanceof ValidationError ? cause.errors : undefined;
  const [first] = Array.isArray(errors) ? errors : [];
  if (!isObject(first) || typeof first["message"] !== "string") return "an attribute's name or value is not allowed";
  return `${String(first["instancePath"] || "/").slice(1)} ${first["message"]}`.trim();
}
