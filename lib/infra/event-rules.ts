/** Which events of EventBridge are an access to the delivery pipeline. */
import { type EventPattern, Match } from "aws-cdk-lib/aws-events";
import { ACCESS_SERVICES } from "../core/sources/cloudtrail/cloudtrail-access-actions.ts";
import { DELIVERY_SERVICES } from "../core/sources/cloudtrail/cloudtrail-delivery-actions.ts";

const API_CALL = "AWS API Call via CloudTrail";
/** What services do of themselves and CloudTrail tells: a key or secret rotated, a sign-in through Identity Center. */
const SERVICE_EVENT = "AWS Service Event via CloudTrail";

/** Of whatever source, what CloudTrail tells has rules of its own: matched by another as well, it would be sent twice. */
const NOT_BY_CLOUDTRAIL = Match.anythingButSuffix(" via CloudTrail");

/**
 * What services do to secrets, keys and objects and tell themselves, without a trail. By name: the same services tell much else. Of S3's,
 * those alone that take away or open up what is there: objects are created by the thousand, and whoever wants each of them logs data events.
 * Gatebook's own buckets tell EventBridge nothing.
 */
const CHANGES_WITHOUT_CALL = {
  "aws.kms": ["KMS CMK Deletion", "KMS CMK Rotation", "KMS Imported Key Material Expiration"],
  "aws.secretsmanager": ["Secret Label Updated"],
  "aws.ssm": ["Parameter Store Change", "Parameter Store Policy Action"],
  "aws.s3": ["Object ACL Updated", "Object Deleted"],
};

/** S3's reason for an object that a lifecycle rule has deleted, as it was told to when that rule was made. */
const BY_LIFECYCLE = "Lifecycle Expiration";

/** Their calls come by the thousand, for other reasons than delivery: only those are collected that mean something to it. */
const NAMED_CALLS_ONLY = ["ec2", "sts"];

/** A signature by a key of KMS: it has a rule of its own. */
const SIGNATURE = "Sign";

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

/**
 * @param own.signer ARN of the role that signs the log's checkpoints. Recorded, each signature would be an entry that calls for the next one. Elsewhere
 * than where Gatebook stands there is no such role.
 */
export function intakeRules(own: { readonly signer?: string } = {}): readonly IntakeRule[] {
  return [
    {
      id: "DeliveryServices",
      description: "What CodePipeline, CodeBuild, CodeDeploy, CodeCommit and ECR say of themselves",
      pattern: {
        source: ["aws.codepipeline", "aws.codebuild", "aws.codedeploy", "aws.codecommit", "aws.ecr"],
        detailType: NOT_BY_CLOUDTRAIL,
      },
    },
    {
      id: "SecretsAndObjects",
      description:
        "Keys, secrets and parameters that are changed or gone, objects that are opened to others or deleted",
      pattern: {
        source: Object.keys(CHANGES_WITHOUT_CALL),
        detailType: Object.values(CHANGES_WITHOUT_CALL).flat(),
        detail: { reason: Match.anyOf(Match.doesNotExist(), Match.anythingBut(BY_LIFECYCLE)) },
      },
    },
    {
      id: "ApiCalls",
      description:
        "CloudTrail's API calls that change the pipeline, its artifacts, secrets, permissions or the audit itself",
      pattern: {
        source: CALLED_SERVICES.map((service) => `aws.${service}`),
        detailType: [API_CALL, SERVICE_EVENT],
        detail: { eventName: Match.anythingBut(...MACHINERY, SIGNATURE), eventCategory: NO_DATA_EVENTS },
      },
    },
    {
      id: "Signatures",
      description: "What keys of KMS sign, for anybody but the function that signs the log's checkpoints",
      pattern: {
        source: ["aws.kms"],
        detailType: [API_CALL],
        detail: { eventName: [SIGNATURE], ...(own.signer !== undefined && notBySessionOf(own.signer)) },
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

/** Users and services have no session, and their calls no such member. */
function notBySessionOf(roleArn: string) {
  const arn = Match.anyOf(Match.doesNotExist(), Match.anythingBut(roleArn));
  return { userIdentity: { sessionContext: { sessionIssuer: { arn } } } };
}

/** A trail's log files as they are put into its bucket; the digests beside them prove files and hold no event. Not for the intake queue. */
export function logFilesRule(bucketName: string): IntakeRule {
  return {
    id: "LogFiles",
    description: "Log files that are put into the trail's bucket",
    pattern: {
      source: ["aws.s3"],
      detailType: ["Object Created"],
      detail: { bucket: { name: [bucketName] }, object: { key: Match.anythingButWildcard("*/CloudTrail-Digest/*") } },
    },
  };
}

/** Names of a service's calls that mean something to the delivery. */
function callsOf(service: string): string[] {
  return Object.values(ACCESS_SERVICES[service] ?? {}).flatMap((names) => names.split(/\s+/));
}
