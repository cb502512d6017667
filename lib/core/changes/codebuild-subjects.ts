/** What calls to CodeBuild change: a project as its answer tells it, what starts its builds, and who sees them. */
import { isObject, type JsonObject } from "../sources/json.ts";
import type { Call, ReadChange, ToldChange } from "./change.ts";
import { fromJsonText } from "./json-text.ts";

const PROJECT = "build project";
const WEBHOOK = "build webhook";

export const codeBuildChanges: Readonly<Record<string, ReadChange>> = {
  CreateProject: (call) => ({ ...project(call), before: null }),
  UpdateProject: project,
  DeleteProject: () => ({ kind: PROJECT, after: null }),
  CreateWebhook: (call) => ({ ...webhook(call), before: null }),
  UpdateWebhook: webhook,
  DeleteWebhook: () => ({ kind: WEBHOOK, after: null }),
  UpdateProjectVisibility: ({ request }) => ({ kind: "build project visibility", after: request["projectVisibility"] }),
  PutResourcePolicy: ({ request }) => ({ kind: "resource policy", after: fromJsonText(request["policy"]) }),
  DeleteResourcePolicy: () => ({ kind: "resource policy", after: null }),
};

/** What changes with each call, whatever the call changes, and what names the thing. */
const LEFT_ASIDE = [
  "created",
  "lastModified",
  "lastModifiedSecret",
  "arn",
  "url",
  "payloadUrl",
  "projectName",
  "badge",
];

function project(call: Call): ToldChange {
  return wholeOrPart(PROJECT, call, "project");
}

function webhook(call: Call): ToldChange {
  return wholeOrPart(WEBHOOK, call, "webhook");
}

/** A request names only what it sets; the answer, which CloudTrail leaves out where it is large, tells the whole. */
function wholeOrPart(kind: string, { request, response }: Call, member: string): ToldChange {
  const whole = response[member];
  if (isObject(whole)) return { kind, after: lasting(whole) };
  const part = lasting(request);
  const isEmpty = Object.keys(part).every((name) => name === "name");
  return { kind, after: isEmpty ? undefined : part, isPartial: true };
}

function lasting(state: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(state).filter(([name]) => !LEFT_ASIDE.includes(name)));
}
