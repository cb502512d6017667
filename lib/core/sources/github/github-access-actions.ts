/** What GitHub's webhooks about people, teams, apps, keys and settings mean for the delivery. */
import type { DeliveryAction } from "../../record/delivery-action.ts";

/** By `event.action`, or by `event` for all of its actions. */
export const GITHUB_ACCESS_ACTIONS: readonly (readonly [operation: string, action: DeliveryAction])[] = [
  ["member.added", "access.grant"],
  ["member.edited", "access.grant"],
  ["member.removed", "access.revoke"],
  ["membership.added", "access.grant"],
  ["membership.removed", "access.revoke"],
  ["organization.member_added", "access.grant"],
  // Somebody decided that they may come in; accepting it is all that is left.
  ["organization.member_invited", "access.grant"],
  ["organization.member_removed", "access.revoke"],
  ["organization.renamed", "source.admin"],
  ["organization.deleted", "source.admin"],
  ["org_block.blocked", "access.revoke"],
  ["org_block.unblocked", "access.grant"],
  ["team.created", "identity.create"],
  ["team.deleted", "identity.remove"],
  ["team.edited", "access.policy"],
  ["team.added_to_repository", "access.grant"],
  ["team.removed_from_repository", "access.revoke"],
  ["team_add", "access.grant"],

  ["installation.created", "access.grant"],
  ["installation.unsuspend", "access.grant"],
  ["installation.new_permissions_accepted", "access.grant"],
  ["installation.deleted", "access.revoke"],
  ["installation.suspend", "access.revoke"],
  ["installation_repositories.added", "access.grant"],
  ["installation_repositories.removed", "access.revoke"],
  ["installation_target", "source.admin"],
  ["github_app_authorization.revoked", "access.revoke"],
  ["deploy_key.created", "credential.create"],
  ["deploy_key.deleted", "credential.delete"],
  ["personal_access_token_request.approved", "credential.create"],

  ["branch_protection_rule", "source.protect"],
  ["branch_protection_configuration", "source.protect"],
  ["repository_ruleset", "source.protect"],
  ["security_and_analysis", "source.protect"],
  ["repository", "source.admin"],
  ["repository_import", "source.admin"],
  ["public", "source.admin"],
  // A deleted webhook is a source that falls silent.
  ["meta.deleted", "audit.tamper"],
];
