/** What the audit log's actions about source, workflows, packages, secrets and the log itself mean for the delivery. */
import type { AuditActions } from "./github-audit-access-actions.ts";

export const GITHUB_AUDIT_DELIVERY: AuditActions = {
  // One that a protection refused is a push too, and says that it failed.
  "source.push": "git.push protected_branch.rejected_ref_update",
  "source.merge": "pull_request.merge pull_request.indirect_merge",
  "source.review": `pull_request_review.submit pull_request_review.dismiss pull_request_review.delete
    secret_scanning_closure_request.approve secret_scanning_closure_request.deny
    secret_scanning_push_protection_request.approve secret_scanning_push_protection_request.deny
    code_scanning.alert_closure_approved code_scanning.alert_closure_denied`,
  "source.admin": "hook.create",
  "pipeline.bypass": `protected_branch.policy_override workflows.bypass_protection_rules merge_queue.pull_request_queue_jump
    secret_scanning_push_protection.bypass secret_scanning_push_protection_request.complete`,
  "pipeline.start": "workflows.created_workflow_run",
  "pipeline.retry": "workflows.rerun_workflow_run",
  "pipeline.stop": "workflows.cancel_workflow_run",
  "pipeline.approve": "workflows.approve_workflow_job",
  "pipeline.reject": "workflows.reject_workflow_job",
  "build.start": "workflows.prepared_workflow_job",
  "artifact.publish": "packages.package_published packages.package_version_published",
  "artifact.delete": "packages.package_deleted packages.package_version_deleted artifact.destroy",
  "audit.read": `org.audit_log_export org.audit_log_git_event_export business.audit_log_export
    business.audit_log_git_event_export user.audit_log_export audit_log_streaming.create`,
  // The runs that somebody deletes take their logs with them.
  "audit.tamper": `audit_log_streaming.update audit_log_streaming.destroy hook.destroy hook.config_changed hook.events_changed
    hook.active_changed workflows.delete_workflow_run checks.delete_logs org.disable_source_ip_disclosure
    business.disable_source_ip_disclosure`,
  other: `git.clone git.fetch api.request audit_log_streaming.check workflows.completed_workflow_run
    workflows.comment_workflow_job workflows.pin_workflow workflows.unpin_workflow workflows.actions_policy_violation
    merge_queue.pull_request_dequeued repo.download_zip repo.add_topic repo.remove_topic repo.pages_build org.members_limit_warning
    org.oauth_app_access_requested org.update_terms_of_service personal_access_token.request_created
    personal_access_token.request_cancelled personal_access_token.request_denied secret_scanning_closure_request.create
    secret_scanning_closure_request.cancel secret_scanning_push_protection_request.request
    secret_scanning_push_protection_request.cancel integration_installation_request.create
    integration_installation_request.close`,
};
