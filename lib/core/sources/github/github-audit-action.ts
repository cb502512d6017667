/** The delivery action of a record of GitHub's audit log: by its name, else by the family that the name belongs to. */
import type { DeliveryAction } from "../../record/delivery-action.ts";
import { type AuditActions, GITHUB_AUDIT_ACCESS } from "./github-audit-access-actions.ts";
import { GITHUB_AUDIT_DELIVERY } from "./github-audit-delivery-actions.ts";

const ACTIONS = new Map<string, DeliveryAction>([...byName(GITHUB_AUDIT_ACCESS), ...byName(GITHUB_AUDIT_DELIVERY)]);

/** The first that fits. GitHub adds actions to its families each month, and an action that is new should not be `other`. */
const FAMILIES: readonly (readonly [names: RegExp, action: DeliveryAction])[] = [
  // Findings of scanners, and what is about money, licences and talk.
  [
    /^(secret_scanning_(alert|scan)|code_scanning|repository_vulnerability_alert|repository_advisory|repository_image|issues?_?\w*|team_discussions|organization_(default_label|projects_change|wide_project_base_role)|enterprise_announcement|billing\w*|copilot|sponsors)\./,
    "other",
  ],
  [/_limit_(warning|reached)$|^repository_limit\.|_metered_usage_|_trial$|\.trial_/, "other"],
  [/\.(create|update)_\w*secret$/, "secret.write"],
  [/\.(remove|delete)_\w*secret$/, "secret.delete"],
  [
    /\.(register_self_hosted_runner|configure_self_hosted_jit_runner|runner_group_runners_(added|updated))$/,
    "runner.register",
  ],
  [/\.self_hosted_runner_(online|offline|updated)$/, "other"],
  [/runner|custom_image|^network_configuration\./, "build.edit"],
  [/two_factor|^(security_key|trusted_device)\./, "access.mfa"],
  [
    /^(protected_branch|repository_ruleset|required_status_check|repository_branch_protection_evaluation|security_configuration\w*|vulnerability_alert_rule)\.|protected_branches|merge_queue\.update/,
    "source.protect",
  ],
  [
    /secret_scanning|push_protection|advanced_security|code_security|code_scanning|code_quality|codeql|dependabot|dependency_graph|vulnerability|security_(updates|configuration)|malware_alerts|dependency_updates|immutable_releases/,
    "source.protect",
  ],
  [
    /^(environment|workflows|prebuild_configuration|checks|actions_cache)\.|_actions_|actions_(enabled|access_settings)|workflow/,
    "pipeline.edit",
  ],
  [/^hook\./, "audit.tamper"],
  [/^(repo|repository_\w+|private_repository_forking|members_can_\w+|migration|merge_queue)\./, "source.admin"],
  [/^(organization_|enterprise_)?custom_property|^org\.(archive|unarchive|rename|transfer|transform)/, "source.admin"],
  [
    /^(ip_allow_list\w*|role|organization_role|enterprise_role|personal_access_token|auto_approve_\w+|ssh_certificate_requirement|sso_\w+|oauth_\w+|integration\w*|external_\w+|team\w*|enterprise\w*|org\w*|business\w*)\./,
    "access.policy",
  ],
];

export function gitHubAuditAction(action: string): DeliveryAction {
  return ACTIONS.get(action) ?? FAMILIES.find(([names]) => names.test(action))?.[1] ?? "other";
}

function byName(actions: AuditActions): readonly (readonly [name: string, action: DeliveryAction])[] {
  const entries = Object.entries(actions) as [DeliveryAction, string][];
  return entries.flatMap(([action, names]) => names.split(/\s+/).map((name) => [name, action] as const));
}
