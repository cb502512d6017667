/** What we read of a GitLab webhook (https://docs.gitlab.com/user/project/integrations/webhook_events/), a system hook's included. */
import * as z from "zod";
import { anything, part, text } from "../fields.ts";

const Project = part(z.object({ path_with_namespace: text }));
const User = part(z.object({ username: text, name: text, email: text, id: anything }));

/** Each field may be missing or of another type. */
export const GitLabPayload = z.object({
  /** Of project hooks. */
  object_kind: text,
  /** Of system hooks, and of group hooks about members. */
  event_name: text,
  action: text,
  status: text,
  status_changed_at: text,
  ref: text,
  after: text,
  sha: text,
  environment: anything,
  project: Project,
  repository: part(z.object({ homepage: text })),
  path_with_namespace: text,
  project_path_with_namespace: text,
  group_path: text,
  full_path: text,
  user: User,
  user_id: anything,
  user_name: text,
  user_username: text,
  user_email: text,
  username: text,
  project_access: text,
  access_level: text,
  group_access: text,
  build_status: text,
  build_name: text,
  build_started_at: text,
  build_finished_at: text,
  pipeline_id: anything,
  created_at: text,
  updated_at: text,
  object_attributes: part(
    z.object({
      id: anything,
      iid: anything,
      ref: text,
      sha: text,
      merge_commit_sha: text,
      last_commit: part(z.object({ id: text })),
      action: text,
      status: text,
      created_at: text,
      updated_at: text,
      finished_at: text,
    }),
  ),
});
export type GitLabPayload = z.infer<typeof GitLabPayload>;
