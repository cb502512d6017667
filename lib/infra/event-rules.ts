/** Which events of EventBridge are an access to the delivery pipeline. */
import { type EventPattern, Match } from "aws-cdk-lib/aws-events";

/** Services whose calls change the pipeline, what it delivers, or who may touch either. */
const CALLED_SERVICES = [
  "codepipeline",
  "codebuild",
  "codedeploy",
  "codecommit",
  "codestar-connections",
  "codeconnections",
  "codeartifact",
  "ecr",
  "iam",
  "sso",
  "organizations",
  "secretsmanager",
  "ssm",
  "kms",
  "cloudtrail",
  "config",
  "guardduty",
  "events",
  "logs",
  "sns",
  "sqs",
  "lambda",
  "ecs",
  "cloudformation",
  "s3",
];

const API_CALL = "AWS API Call via CloudTrail";

/** Calls that services make by the thousand for their own work and that change nothing: recorded, they would bury the rest. */
const MACHINERY = [
  "Decrypt",
  "Encrypt",
  "GenerateDataKey",
  "GenerateDataKeyWithoutPlaintext",
  "GenerateMac",
  "CreateLogStream",
];

/** A pattern, and whether it needs read-only management events, which EventBridge drops unless a rule asks for them. */
export interface IntakeRule {
  readonly id: string;
  readonly description: string;
  readonly pattern: EventPattern;
  readonly includesReads?: boolean;
}

export function intakeRules(): readonly IntakeRule[] {
  return [
    {
      id: "DeliveryServices",
      description: "What CodePipeline, CodeBuild, CodeDeploy, CodeCommit and ECR say of themselves",
      pattern: {
        source: ["aws.codepipeline", "aws.codebuild", "aws.codedeploy", "aws.codecommit", "aws.ecr"],
        // The same services' API calls arrive by the next rule; matched twice they would be sent twice.
        detailType: Match.anythingBut(API_CALL),
      },
    },
    {
      id: "ApiCalls",
      description:
        "CloudTrail's API calls that change the pipeline, its artifacts, secrets, permissions or the audit itself",
      pattern: {
        source: CALLED_SERVICES.map((service) => `aws.${service}`),
        detailType: [API_CALL],
        detail: { eventName: Match.anythingBut(...MACHINERY) },
      },
    },
    {
      id: "SecretReads",
      description: "Secrets and parameters read, and roles assumed: management events that are reads to CloudTrail",
      includesReads: true,
      pattern: {
        source: ["aws.secretsmanager", "aws.ssm", "aws.sts"],
        detailType: [API_CALL],
        detail: {
          eventName: [
            "GetSecretValue",
            "BatchGetSecretValue",
            "GetParameter",
            "GetParameters",
            "GetParametersByPath",
            "AssumeRole",
            "AssumeRoleWithSAML",
            "AssumeRoleWithWebIdentity",
            "AssumeRoot",
            "GetFederationToken",
            "GetSessionToken",
          ],
        },
      },
    },
    {
      id: "SignIns",
      description: "Console sign-ins, under each of the names that AWS uses for them",
      pattern: {
        detailType: [
          "AWS Console Sign In via CloudTrail",
          "AWS Console Signin via CloudTrail",
          "AWS Console Action via CloudTrail",
        ],
      },
    },
  ];
}
