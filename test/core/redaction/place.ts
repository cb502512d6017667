/** A place where secrets turn up in the events of a pipeline, and the parts that such events have in common. */
import { base64 } from "./seeded.ts";

export interface Place {
  readonly title: string;
  plant(secret: string, name: string): unknown;
}

const WRAP = 76;

export function wrapped(text: string): string {
  return (base64(text).match(new RegExp(`.{1,${WRAP}}`, "g")) ?? []).join("\n");
}

export function shellName(name: string): string {
  return name.replaceAll("-", "_").toUpperCase();
}

export function indented(text: string, indent: string): string {
  return text.replaceAll(/^/gm, indent);
}

export const escaped = (text: string): string => JSON.stringify(text).slice(1, -1);
export const run = (command: string): unknown => ({
  requestParameters: { parameters: { commands: ["set -e", command] } },
});
export const buildspec = (text: string): unknown => ({
  requestParameters: { source: { type: "CODEPIPELINE", buildspec: text } },
});
export const commit = (message: string): unknown => ({
  commits: [{ id: "0123abcd", message, author: { name: "Ana" } }],
});
