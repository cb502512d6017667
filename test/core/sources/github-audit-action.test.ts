/** What the names of the audit log's actions mean: those that are listed, and those that only their family tells. */
import { expect, test } from "vitest";
import { gitHubAuditAction } from "../../../lib/core/sources/github/github-audit-action.ts";

test.each([
  ["org.disable_two_factor_requirement", "access.mfa"],
  ["org.set_actions_retention_limit", "pipeline.edit"],
  ["repo.set_default_workflow_permissions", "pipeline.edit"],
  ["environment.remove_protection_rule", "pipeline.edit"],
  ["repository_secret_scanning.disable", "source.protect"],
  ["business_secret_scanning_push_protection.disable", "source.protect"],
  ["business_advanced_security.disabled", "source.protect"],
  ["org.members_can_update_protected_branches.enable", "source.protect"],
  ["repository_vulnerability_alerts.disable", "source.protect"],
  ["repository_vulnerability_alert.create", "other"],
  ["secret_scanning_alert.resolve", "other"],
  ["codespaces.create_an_org_secret", "secret.write"],
  ["environment.remove_actions_secret", "secret.delete"],
  ["repo.register_self_hosted_runner", "runner.register"],
  ["enterprise.runner_group_runners_added", "runner.register"],
  ["org.remove_self_hosted_runner", "build.edit"],
  ["repo.self_hosted_runner_online", "other"],
  ["private_repository_forking.enable", "source.admin"],
  ["repo.transfer_outgoing", "source.admin"],
  ["org.transfer", "source.admin"],
  ["migration.create", "source.admin"],
  ["ssh_certificate_authority.create", "credential.create"],
  ["ssh_certificate_requirement.disable", "access.policy"],
  ["ip_allow_list_entry.create", "access.policy"],
  ["org.update_default_repository_permission", "access.policy"],
  ["business.disable_saml", "access.policy"],
  ["personal_access_token.request_created", "other"],
  ["hook.config_changed", "audit.tamper"],
  ["workflows.delete_workflow_run", "audit.tamper"],
  ["org.members_limit_warning", "other"],
  ["copilot.cfb_seat_added", "other"],
  ["issue_comment.update", "other"],
  ["protected_branch.invented_next_year", "source.protect"],
  ["org.invented_next_year", "access.policy"],
  ["constructor", "other"],
])("%s is %s", (action, meaning) => {
  expect(gitHubAuditAction(action)).toBe(meaning);
});

test("a name of an action without end is read in no time that anybody notices", () => {
  const action = `org${".a_".repeat(100_000)}`;
  expect(gitHubAuditAction(action)).toBe("access.policy");
  expect(gitHubAuditAction(`x.${"update_".repeat(100_000)}`)).toBe("other");
});
