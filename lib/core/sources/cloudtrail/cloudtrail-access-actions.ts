/** What each operation of AWS's identity, secret and audit services means for the delivery: service, action, CloudTrail event names. */
import type { ServiceActions } from "./cloudtrail-delivery-actions.ts";

const DIRECTORY: ServiceActions = {
  "identity.create": "CreateUser CreateGroup",
  "identity.remove": "DeleteUser DeleteGroup DisableUser",
  "access.grant": "CreateGroupMembership AddMemberToGroup",
  "access.revoke": "DeleteGroupMembership RemoveMemberFromGroup",
  "credential.create": "UpdatePassword",
  "access.mfa": "StartVirtualMfaDeviceRegistration CompleteVirtualMfaDeviceRegistration DeleteMfaDeviceForUser",
};

/** Reading the record, or weakening or ending a watch over the account, is the audit's business, whichever service watches. */
export const ACCESS_SERVICES: Readonly<Record<string, ServiceActions>> = {
  iam: {
    "identity.create":
      "CreateUser CreateRole CreateGroup CreateServiceLinkedRole CreateInstanceProfile CreateSAMLProvider CreateOpenIDConnectProvider",
    "identity.remove":
      "DeleteUser DeleteRole DeleteGroup DeleteServiceLinkedRole DeleteInstanceProfile DeleteSAMLProvider DeleteOpenIDConnectProvider",
    "credential.create": `CreateAccessKey CreateLoginProfile UpdateLoginProfile ChangePassword CreateServiceSpecificCredential
       ResetServiceSpecificCredential UploadSSHPublicKey UploadSigningCertificate UploadServerCertificate`,
    "credential.delete": `DeleteAccessKey DeleteLoginProfile DeleteServiceSpecificCredential DeleteSSHPublicKey DeleteSigningCertificate
       DeleteServerCertificate`,
    "access.grant": `AttachUserPolicy AttachRolePolicy AttachGroupPolicy PutUserPolicy PutRolePolicy PutGroupPolicy AddUserToGroup
       AddRoleToInstanceProfile`,
    "access.revoke": `DetachUserPolicy DetachRolePolicy DetachGroupPolicy DeleteUserPolicy DeleteRolePolicy DeleteGroupPolicy RemoveUserFromGroup
       RemoveRoleFromInstanceProfile`,
    "access.policy": `CreatePolicy DeletePolicy CreatePolicyVersion DeletePolicyVersion SetDefaultPolicyVersion UpdateAssumeRolePolicy
       PutUserPermissionsBoundary PutRolePermissionsBoundary DeleteUserPermissionsBoundary DeleteRolePermissionsBoundary
       UpdateAccountPasswordPolicy DeleteAccountPasswordPolicy UpdateRole UpdateSAMLProvider UpdateOpenIDConnectProviderThumbprint
       AddClientIDToOpenIDConnectProvider RemoveClientIDFromOpenIDConnectProvider`,
    "access.mfa": "CreateVirtualMFADevice EnableMFADevice DeactivateMFADevice DeleteVirtualMFADevice ResyncMFADevice",
    "audit.read": "GenerateCredentialReport GetCredentialReport",
  },
  sts: {
    "access.assume": "AssumeRole AssumeRoleWithSAML AssumeRoleWithWebIdentity AssumeRoot",
    "credential.create": "GetSessionToken GetFederationToken",
  },
  signin: {
    "access.sign-in": "ConsoleLogin UserAuthentication GetSigninToken",
    "access.assume": "SwitchRole",
    "credential.create": "PasswordUpdated PasswordRecoveryCompleted",
  },
  sso: {
    "access.sign-in": "Authenticate Federate UserAuthentication",
    "access.grant": "CreateAccountAssignment",
    "access.revoke": "DeleteAccountAssignment",
    "access.policy": `CreatePermissionSet UpdatePermissionSet DeletePermissionSet PutInlinePolicyToPermissionSet DeleteInlinePolicyFromPermissionSet
       AttachManagedPolicyToPermissionSet DetachManagedPolicyFromPermissionSet AttachCustomerManagedPolicyReferenceToPermissionSet
       PutPermissionsBoundaryToPermissionSet DeletePermissionsBoundaryFromPermissionSet`,
  },
  identitystore: DIRECTORY,
  "sso-directory": DIRECTORY,
  secretsmanager: {
    "secret.read": "GetSecretValue BatchGetSecretValue",
    "secret.write":
      "CreateSecret PutSecretValue UpdateSecret UpdateSecretVersionStage ReplicateSecretToRegions RestoreSecret",
    "secret.delete": "DeleteSecret StartSecretVersionDelete EndSecretVersionDelete",
    "secret.rotate":
      "RotateSecret CancelRotateSecret RotationStarted RotationSucceeded RotationFailed RotationAbandoned",
    "access.policy": "PutResourcePolicy DeleteResourcePolicy",
  },
  ssm: {
    "secret.read": "GetParameter GetParameters GetParametersByPath GetParameterHistory",
    "secret.write": "PutParameter LabelParameterVersion",
    "secret.delete": "DeleteParameter DeleteParameters",
    "deploy.change": "SendCommand StartAutomationExecution CreateAssociation UpdateAssociation",
    "access.sign-in": "StartSession ResumeSession",
    "access.policy": "PutResourcePolicy DeleteResourcePolicy",
  },
  kms: {
    "secret.write": "ImportKeyMaterial",
    "secret.delete": "ScheduleKeyDeletion DeleteImportedKeyMaterial DisableKey DeleteKey",
    "secret.rotate": "EnableKeyRotation DisableKeyRotation RotateKeyOnDemand RotateKey",
    "access.policy": "PutKeyPolicy",
    "access.grant": "CreateGrant",
    "access.revoke": "RevokeGrant RetireGrant",
  },
  s3: {
    "access.policy": `PutBucketPolicy DeleteBucketPolicy PutBucketAcl PutObjectAcl PutBucketPublicAccessBlock
      DeleteBucketPublicAccessBlock PutAccountPublicAccessBlock DeleteAccountPublicAccessBlock`,
    "audit.tamper": "PutObjectLockConfiguration PutBucketObjectLockConfiguration PutObjectRetention PutObjectLegalHold",
  },
  ec2: {
    "credential.create": "CreateKeyPair ImportKeyPair",
    "credential.delete": "DeleteKeyPair",
    "audit.tamper": "DeleteFlowLogs",
  },
  "ec2-instance-connect": { "access.sign-in": "SendSSHPublicKey SendSerialConsoleSSHPublicKey" },
  organizations: {
    "access.policy":
      "AttachPolicy DetachPolicy CreatePolicy UpdatePolicy DeletePolicy EnablePolicyType DisablePolicyType",
    "identity.create": "CreateAccount",
    "identity.remove": "CloseAccount LeaveOrganization RemoveAccountFromOrganization",
  },
  cloudtrail: {
    "audit.read": "LookupEvents StartQuery GetQueryResults",
    "audit.tamper": `StopLogging DeleteTrail UpdateTrail PutEventSelectors PutInsightSelectors DeleteEventDataStore
      UpdateEventDataStore StopEventDataStoreIngestion DeleteChannel`,
  },
  events: {
    "audit.tamper": "DisableRule DeleteRule RemoveTargets DeleteEventBus DeleteArchive",
    "access.policy": "PutPermission RemovePermission",
  },
  logs: {
    "audit.read": "StartQuery FilterLogEvents GetLogEvents",
    "audit.tamper": `DeleteLogGroup DeleteLogStream PutRetentionPolicy DeleteSubscriptionFilter DeleteMetricFilter
      DeleteDestination`,
    "access.policy": "PutResourcePolicy DeleteResourcePolicy PutDestinationPolicy",
  },
  monitoring: { "audit.tamper": "DeleteAlarms DisableAlarmActions" },
  config: {
    "audit.tamper": `StopConfigurationRecorder DeleteConfigurationRecorder DeleteDeliveryChannel DeleteConfigRule
      DeleteConfigurationAggregator DeleteRetentionConfiguration`,
  },
  guardduty: {
    "audit.tamper": `DeleteDetector UpdateDetector DeleteMembers DisassociateMembers StopMonitoringMembers CreateFilter
      CreateIPSet UpdateIPSet ArchiveFindings DeletePublishingDestination DisassociateFromMasterAccount
      DisassociateFromAdministratorAccount`,
  },
  securityhub: {
    "audit.tamper": "DisableSecurityHub BatchDisableStandards UpdateStandardsControl DisassociateMembers DeleteInsight",
  },
  ram: {
    "access.grant": "CreateResourceShare AssociateResourceShare",
    "access.revoke": "DeleteResourceShare DisassociateResourceShare",
  },
  "access-analyzer": { "audit.tamper": "DeleteAnalyzer CreateArchiveRule" },
};
