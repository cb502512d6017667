/** A file of log records in S3, and whether its key says that it is one (https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-log-file-examples.html). */

export interface LogFile {
  readonly bucket: string;
  readonly key: string;
}

/** `[prefix/][AWSLogs/][organisation/]account/service/region/yyyy/mm/dd/file`: anchored at its end, since the prefix may be anything. */
const OF_A_SERVICE = /(?:^|\/)\d{12}\/([\w-]+)\/[\w-]+\/\d{4}\/\d{2}\/\d{2}\/[^/]+$/;
const DIGEST = "CloudTrail-Digest";
/** Under it AWS's services put their logs, in the bucket that the trail may share with them. */
const AWS_LOGS = /(?:^|\/)AWSLogs\//;
const LOG_ENDING = /\.(json|jsonl|ndjson)(\.gz)?$/i;

/**
 * Why a file is left alone without being read, or undefined for one to import: CloudTrail's own (insights and network activity too), and,
 * beside what AWS's services write, any JSON, such as GitHub's audit-log stream.
 */
export function whyNotALog(key: string): string | undefined {
  if (!LOG_ENDING.test(key))
    return "its name ends as no log file's does (.json, .jsonl or .ndjson, with or without .gz)";
  const [, service] = OF_A_SERVICE.exec(key) ?? [];
  if (service === DIGEST) return "it is a digest, which proves log files and holds no event";
  if (service?.startsWith("CloudTrail")) return undefined;
  if (service !== undefined || AWS_LOGS.test(key)) return "it is under AWSLogs, and not CloudTrail's";
  return undefined;
}

/** For messages and queues: what is not printable ASCII is written as an escape. */
export function uriOf({ bucket, key }: LogFile): string {
  return asciiOf(`s3://${bucket}/${key}`);
}

/** A notice of the file in the form of CloudTrail's own, for a queue: sent again from the dead letters, it has the file imported again. */
export function noticeOf({ bucket, key }: LogFile): string {
  return asciiOf(JSON.stringify({ s3Bucket: bucket, s3ObjectKey: [key] }));
}

/** S3 takes any character in a key, SQS does not. In JSON, the escapes mean the same. */
function asciiOf(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
