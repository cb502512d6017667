/** What the audit log's actions about people, teams, apps and credentials mean (https://docs.github.com/en/enterprise-cloud@latest/admin/monitoring-activity-in-your-enterprise/reviewing-audit-logs-for-your-enterprise/audit-log-events-for-your-enterprise). */
import type { DeliveryAction } from "../../record/delivery-action.ts";

/** Actions by what they mean, parted by white space. */
export type AuditActions = Readonly<Partial<Record<DeliveryAction, string>>>;

export const GITHUB_AUDIT_ACCESS: AuditActions = {
  "access.grant": `org.add_member org.invite_member org.restore_member org.update_member org.add_outside_collaborator
    org.add_billing_manager org.add_security_manager org.integration_manager_added org.oauth_app_access_approved
    org.oauth_app_access_unblocked org.unblock_user org.codespaces_team_access_allowed org.codespaces_user_access_allowed
    org.codespaces_trusted_repo_access_granted repo.codespaces_trusted_repo_access_granted repo.add_member repo.update_member
    repo.staff_unlock repo.override_unlock staff.unlock staff.repo_unlock repository_invitation.create repository_invitation.accept
    team.add_member team.add_repository team.update_repository_permission team.promote_maintainer team.add_to_organization
    enterprise_team.add_member external_group.add_member external_group.link organization_moderators.add_user
    organization_moderators.add_team organization_role.assign enterprise_role.assign business.add_admin business.invite_admin
    business.add_billing_manager business.invite_billing_manager business.invite_unaffiliated_member business.add_organization
    business.add_support_entitlee user.promote user.unsuspend integration.manager_added integration.unsuspend
    integration_installation.create integration_installation.repositories_added integration_installation.unsuspend
    integration_installation.version_updated oauth_application.unsuspend oauth_authorization.create
    personal_access_token.access_granted org_credential_authorization.grant`,
  "access.revoke": `org.remove_member org.cancel_invitation org.remove_outside_collaborator org.remove_billing_manager
    org.remove_security_manager org.integration_manager_removed org.oauth_app_access_denied org.oauth_app_access_blocked
    org.block_user org.codespaces_team_access_revoked org.codespaces_user_access_revoked
    org.codespaces_trusted_repo_access_revoked repo.codespaces_trusted_repo_access_revoked org.revoke_external_identity
    org.revoke_sso_session repo.remove_member repository_invitation.cancel repository_invitation.reject team.remove_member
    team.remove_repository team.demote_maintainer team.remove_from_organization enterprise_team.remove_member
    external_group.remove_member external_group.unlink organization_moderators.remove_user organization_moderators.remove_team
    organization_role.revoke enterprise_role.revoke business.remove_admin business.cancel_admin_invitation
    business.remove_billing_manager business.cancel_billing_manager_invitation business.remove_member
    business.remove_organization business.remove_support_entitlee business.revoke_external_identity
    business.revoke_sso_session user.demote integration.manager_removed integration.suspend integration_installation.destroy
    integration_installation.repositories_removed integration_installation.suspend oauth_application.suspend
    oauth_authorization.destroy personal_access_token.access_revoked org_credential_authorization.deauthorize
    org_credential_authorization.revoke`,
  "identity.create": `team.create enterprise_team.create user.create user.recreate org.create org.recreate business.create
    external_identity.provision external_group.provision integration.create oauth_application.create
    enterprise_installation.create`,
  "identity.remove": `team.destroy enterprise_team.destroy user.delete user.destroy user.async_delete user.suspend org.delete
    org.async_delete business.delete external_identity.deprovision external_group.delete integration.destroy
    oauth_application.destroy enterprise_installation.destroy`,
  "credential.create": `public_key.create public_key.update public_key.verify git_signing_ssh_public_key.create gpg_key.create
    oauth_access.create oauth_access.regenerate oauth_application.generate_client_secret oauth_application.reset_secret
    integration.generate_client_secret ssh_certificate_authority.create user.change_password user.reset_password
    user.two_factor_recovery_codes_downloaded user.two_factor_recovery_codes_printed user.two_factor_recovery_codes_viewed
    org.recovery_codes_generated org.recovery_codes_downloaded org.recovery_codes_printed org.recovery_codes_viewed
    business.recovery_codes_generated business.recovery_codes_downloaded business.recovery_codes_printed
    business.recovery_codes_viewed team_sync_tenant.update_okta_credentials staff.dependabot_debug_credentials_generated`,
  "credential.delete": `public_key.delete public_key.unverify git_signing_ssh_public_key.delete gpg_key.destroy
    oauth_access.destroy oauth_access.revoke oauth_application.remove_client_secret oauth_application.revoke_tokens
    oauth_application.revoke_all_tokens integration.remove_client_secret integration.revoke_tokens
    integration.revoke_all_tokens ssh_certificate_authority.destroy`,
  // Of an instance of one's own: its administrator signs in as somebody else.
  "access.assume": "staff.fake_login",
  "access.sign-in": `user.login user.failed_login user.two_factor_challenge_failure user.two_factor_challenge_success
    user.two_factor_recover user.new_device_used user.device_verification_success user.device_verification_failure
    user.sign_in_from_unrecognized_device user.sign_in_from_unrecognized_location
    user.sign_in_from_unrecognized_device_and_location user.correct_password_from_unrecognized_device
    user.correct_password_from_unrecognized_location user.correct_password_from_unrecognized_device_and_location
    org.sso_response business.sso_response org.recovery_code_used org.recovery_code_failed business.recovery_code_used
    business.recovery_code_failed`,
};
