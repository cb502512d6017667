/** Which thing an event changed, and how it is now: pipelines, policies, protections, whatever a source tells the state of. */
import type { NormalisedEvent } from "../record/audit-record.ts";
import { FAILURE } from "../record/ocsf.ts";
import { bounded } from "../sources/fields.ts";
import type { Message } from "../sources/message.ts";
import type { ChangeSubject, ToldChange } from "./change.ts";
import { cloudTrailChange } from "./cloudtrail-subjects.ts";
import { gitHubAuditChange } from "./github-audit-subjects.ts";
import { gitHubChange } from "./github-subjects.ts";
import { gitLabChange } from "./gitlab-subjects.ts";

/** Two things whose long names begin alike are still two. */
const MAX_KIND_CHARS = 300;

/**
 * Undefined where the event changed nothing, as a call that failed, or tells no state.
 *
 * @param message without its secrets
 */
export function changeSubject(message: Message, { event }: NormalisedEvent): ChangeSubject | undefined {
  if (event.status_id === FAILURE) return undefined;
  const told = toldBy(message);
  if (told?.after === undefined) return undefined;
  const [first] = event.resources ?? [];
  const resource = first?.uid ?? first?.name ?? told.resource;
  if (resource === undefined) return undefined;
  const account = event.cloud?.account?.uid;
  return { ...told, kind: bounded(told.kind, MAX_KIND_CHARS), resource, ...(account !== undefined && { account }) };
}

function toldBy(message: Message): ToldChange | undefined {
  if (message.kind === "cloudtrail") return cloudTrailChange(message.record);
  if (message.kind === "github-audit") return gitHubAuditChange(message.record);
  if (message.kind !== "webhook") return undefined;
  if (message.source === "github") return gitHubChange(message);
  return message.source === "gitlab" ? gitLabChange(message.original) : undefined;
}
