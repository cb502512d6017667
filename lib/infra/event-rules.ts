/** Which events of EventBridge are an access to the delivery pipeline. */
import { type EventPattern, Match } from "aws-cdk-lib/aws-events";
import { ACCESS_SERVICES } from "../core/sources/cloudtrail-access-actions.ts";
import { DELIVERY_SERVICES } from "../core/sources/cloudtrail-delivery-actions.ts";

const API_CALL = "AWS API Call via CloudTrail";
/** What services do of themselves and CloudTrail tells: a key or secret rotated, a sign-in through Identity Center. */
const SERVICE_EVENT = "AWS Service Event via CloudTrail";

/** Their calls come by the thousand, for other reasons than delivery: only those are collected that mean something to it. */
const NAMED_CALLS_ONLY = ["ec2", "sts"];

/** Services whose calls change the pipeline, what it delivers, or who may touch either; queues and topics carry its events. */
const CALLED_SERVICES = [
  ...Object.keys({ ...DELIVERY_SERVICES, ...ACCESS_SERVICES }).filter((service) => !NAMED_CALLS_ONLY.includes(service)),
  "sns",
  "sqs",
];

/** Calls that services make by the thousand for their own work and that change nothing: recorded, they would bury the rest. */
const MACHINERY = [
  "Decrypt",
  "Encrypt",
  "GenerateDataKey",
  "GenerateDataKeyWithoutPlaintext",
  "GenerateMac",
  "CreateLogStream",
  // Agents and workers that report or ask for work, some of them every few seconds.
  "UpdateInstanceInformation",
  "UpdateInstanceAssociationStatus",
  "PutInventory",
  "PutComplianceItems",
  "DiscoverPollEndpoint",
  "SubmitTaskStateChange",
  "SubmitContainerStateChange",
  "SubmitAttachmentStateChanges",
  "PollForJobs",
  "PollForThirdPartyJobs",
  "PutEvaluations",
  "BatchImportFindings",
  // The parts of a push to ECR; PutImage is the push.
  "BatchCheckLayerAvailability",
  "InitiateLayerUpload",
  "UploadLayerPart",
  "CompleteLayerUpload",
];

/** Calls by which a secret leaves its store. EventBridge takes a call for read-only when its name begins with Get, List or Describe. */
const SECRET_READS = [
  "GetSecretValue",
  "GetParameter",
  "GetParameters",
  "GetParametersByPath",
  "GetParameterHistory",
  "GetSigninToken",
];

/**
 * Objects read and written, messages sent, functions invoked: a trail may log those too. Recording an event does all three, and would
 * record itself for ever.
 */
const NO_DATA_EVENTS = Match.anyOf(Match.doesNotExist(), Match.anythingBut("Data"));

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
        // What CloudTrail tells of the same services arrives by the next rule; matched twice it would be sent twice.
        detailType: Match.anythingBut(API_CALL, SERVICE_EVENT),
      },
    },
    {
      id: "ApiCalls",
      description:
        "CloudTrail's API calls that change the pipeline, its artifacts, secrets, permissions or the audit itself",
      pattern: {
        source: CALLED_SERVICES.map((service) => `aws.${service}`),
        detailType: [API_CALL, SERVICE_EVENT],
        detail: { eventName: Match.anythingBut(...MACHINERY), eventCategory: NO_DATA_EVENTS },
      },
    },
    {
      id: "NamedCalls",
      description: "The calls of EC2 that make or end a credential, or end a watch",
      pattern: { source: ["aws.ec2"], detailType: [API_CALL], detail: { eventName: callsOf("ec2") } },
    },
    {
      id: "SecretReads",
      description: "Secrets and parameters read, and roles assumed: management events that are reads to CloudTrail",
      includesReads: true,
      pattern: {
        source: ["aws.secretsmanager", "aws.ssm", "aws.signin", "aws.sts"],
        detailType: [API_CALL],
        detail: { eventName: [...SECRET_READS, ...callsOf("sts")] },
      },
    },
    {
      id: "SignIns",
      description: "Console sign-ins, under each of the names that AWS uses for them",
      pattern: {
        // Under a source of AWS's only AWS can put events: without it, whoever may put any could fill the evidence.
        source: Match.prefix("aws."),
        detailType: [
          "AWS Console Sign In via CloudTrail",
          "AWS Console Signin via CloudTrail",
          "AWS Console Action via CloudTrail",
        ],
      },
    },
  ];
}

/** Names of a service's calls that mean something to the delivery. */
function callsOf(service: string): string[] {
  return Object.values(ACCESS_SERVICES[service] ?? {}).flatMap((names) => names.split(/\s+/));
}
