/** What each operation of AWS's delivery services means for the delivery: service, action, CloudTrail event names. */
import type { DeliveryAction } from "../../record/delivery-action.ts";

/** Event names of one service by what they mean, parted by white space. */
export type ServiceActions = Readonly<Partial<Record<DeliveryAction, string>>>;

const CONNECTIONS: ServiceActions = {
  "credential.create": "CreateConnection CreateHost",
  "credential.delete": "DeleteConnection DeleteHost",
};

const REGISTRY: ServiceActions = {
  "artifact.publish": "PutImage",
  "artifact.delete": "BatchDeleteImage DeleteRepository",
  "artifact.share": `SetRepositoryPolicy DeleteRepositoryPolicy PutRegistryPolicy DeleteRegistryPolicy
    PutReplicationConfiguration`,
};

export const DELIVERY_SERVICES: Readonly<Record<string, ServiceActions>> = {
  codepipeline: {
    "pipeline.start": "StartPipelineExecution PutActionRevision",
    "pipeline.stop": "StopPipelineExecution",
    "pipeline.retry": "RetryStageExecution",
    "pipeline.bypass": "OverrideStageCondition",
    "pipeline.edit": `CreatePipeline UpdatePipeline DeletePipeline EnableStageTransition DisableStageTransition PutWebhook DeleteWebhook
       RegisterWebhookWithThirdParty DeregisterWebhookWithThirdParty CreateCustomActionType UpdateActionType DeleteCustomActionType`,
    "deploy.rollback": "RollbackStage",
  },
  codebuild: {
    "build.start": "StartBuild StartBuildBatch RetryBuild RetryBuildBatch StartSandbox",
    "build.edit": `CreateProject UpdateProject DeleteProject UpdateProjectVisibility CreateWebhook UpdateWebhook DeleteWebhook PutResourcePolicy
       DeleteResourcePolicy InvalidateProjectCache`,
    "runner.register": "CreateFleet UpdateFleet",
    "credential.create": "ImportSourceCredentials",
    "credential.delete": "DeleteSourceCredentials",
  },
  codedeploy: {
    "deploy.start": "CreateDeployment",
    "deploy.change": `StopDeployment ContinueDeployment SkipWaitTimeForInstanceTermination CreateApplication UpdateApplication DeleteApplication
       CreateDeploymentGroup UpdateDeploymentGroup DeleteDeploymentGroup CreateDeploymentConfig DeleteDeploymentConfig
       RegisterOnPremisesInstance DeregisterOnPremisesInstance`,
    "artifact.publish": "RegisterApplicationRevision",
  },
  codecommit: {
    "source.push": "GitPush CreateCommit PutFile DeleteFile CreateBranch DeleteBranch",
    "source.merge": `MergePullRequestByFastForward MergePullRequestBySquash MergePullRequestByThreeWay MergeBranchesByFastForward
       MergeBranchesBySquash MergeBranchesByThreeWay`,
    "source.review": "UpdatePullRequestApprovalState",
    "pipeline.bypass": "OverridePullRequestApprovalRules",
    "source.protect": `CreateApprovalRuleTemplate DeleteApprovalRuleTemplate UpdateApprovalRuleTemplateContent UpdateApprovalRuleTemplateName
       AssociateApprovalRuleTemplateWithRepository DisassociateApprovalRuleTemplateFromRepository
       BatchAssociateApprovalRuleTemplateWithRepositories BatchDisassociateApprovalRuleTemplateFromRepositories
       CreatePullRequestApprovalRule UpdatePullRequestApprovalRuleContent DeletePullRequestApprovalRule`,
    "source.admin":
      "CreateRepository DeleteRepository UpdateRepositoryName UpdateRepositoryEncryptionKey UpdateDefaultBranch PutRepositoryTriggers",
  },
  codeconnections: CONNECTIONS,
  "codestar-connections": CONNECTIONS,
  codeartifact: {
    "artifact.publish": "PublishPackageVersion CopyPackageVersions",
    "artifact.delete": "DeletePackage DeletePackageVersions DisposePackageVersions DeleteRepository",
    "artifact.share": "PutDomainPermissionsPolicy PutRepositoryPermissionsPolicy AssociateExternalConnection",
  },
  ecr: REGISTRY,
  "ecr-public": REGISTRY,
  lambda: {
    "deploy.change": `CreateFunction UpdateFunctionCode UpdateFunctionConfiguration PublishVersion CreateAlias UpdateAlias DeleteAlias DeleteFunction
       PublishLayerVersion CreateEventSourceMapping UpdateEventSourceMapping DeleteEventSourceMapping PutFunctionConcurrency
       DeleteFunctionConcurrency`,
    "access.grant": "AddPermission AddLayerVersionPermission",
    "access.revoke": "RemovePermission RemoveLayerVersionPermission",
    "access.policy": "CreateFunctionUrlConfig UpdateFunctionUrlConfig DeleteFunctionUrlConfig",
  },
  ecs: {
    "deploy.change": `CreateService UpdateService DeleteService RegisterTaskDefinition DeregisterTaskDefinition RunTask StartTask StopTask
       CreateTaskSet UpdateTaskSet DeleteTaskSet UpdateServicePrimaryTaskSet`,
    "access.sign-in": "ExecuteCommand",
  },
  eks: {
    "deploy.change": "UpdateClusterConfig UpdateClusterVersion UpdateNodegroupConfig UpdateNodegroupVersion",
    "access.grant": "CreateAccessEntry AssociateAccessPolicy",
    "access.revoke": "DeleteAccessEntry DisassociateAccessPolicy",
  },
  cloudformation: {
    "deploy.change": `CreateStack UpdateStack DeleteStack ExecuteChangeSet CreateStackSet UpdateStackSet DeleteStackSet CreateStackInstances
       UpdateStackInstances DeleteStackInstances`,
    "deploy.rollback": "RollbackStack ContinueUpdateRollback CancelUpdateStack",
    "access.policy": "SetStackPolicy UpdateTerminationProtection",
  },
  apigateway: {
    "deploy.start": "CreateDeployment",
    "deploy.change": `CreateStage UpdateStage DeleteStage UpdateDeployment DeleteDeployment PutRestApi UpdateRestApi DeleteRestApi ImportApi ReimportApi
       UpdateApi DeleteApi`,
  },
  appconfig: {
    "deploy.start": "StartDeployment",
    "deploy.rollback": "StopDeployment",
    "deploy.change":
      "CreateHostedConfigurationVersion UpdateConfigurationProfile DeleteConfigurationProfile UpdateEnvironment DeleteEnvironment",
  },
  apprunner: {
    "deploy.start": "StartDeployment",
    "deploy.change": "CreateService UpdateService DeleteService PauseService ResumeService",
  },
  amplify: {
    "deploy.start": "StartDeployment StartJob",
    "deploy.change": "UpdateApp DeleteApp CreateBranch UpdateBranch DeleteBranch",
  },
  elasticbeanstalk: {
    "artifact.publish": "CreateApplicationVersion",
    "artifact.delete": "DeleteApplicationVersion",
    "deploy.change": `CreateEnvironment UpdateEnvironment TerminateEnvironment RebuildEnvironment RestartAppServer SwapEnvironmentCNAMEs
       UpdateApplication DeleteApplication`,
  },
};
