/** S3 whose bucket policies take effect the moment they are put or deleted, as AWS's do. */
import type { PolicyStore } from "./authorisation/policy-store.ts";
import type { AwsService } from "./aws-service.ts";
import type { S3Service } from "./s3/service.ts";

const CHANGES = new Set(["PutBucketPolicy", "DeleteBucketPolicy"]);
const NO_POLICY = { Version: "2012-10-17", Statement: [] };

export function withLiveBucketPolicies(s3: S3Service, policies: Pick<PolicyStore, "putResourcePolicy">): AwsService {
  return {
    ...s3,
    async handle(request, operation) {
      const reply = await s3.handle(request, operation);
      if (CHANGES.has(operation) && reply.status < 300) {
        const [, bucket = ""] = request.path.split("/");
        const stored = s3.bucketPolicy(bucket);
        policies.putResourcePolicy(`arn:aws:s3:::${bucket}`, stored === undefined ? NO_POLICY : JSON.parse(stored));
      }
      return reply;
    },
  };
}
