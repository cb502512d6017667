/** Every resource type that the local cloud knows, and what makes it. */
import { httpApi, integration, route, stage } from "./api-gateway.ts";
import { alarm } from "./cloudwatch.ts";
import { table } from "./dynamodb.ts";
import { eventBus, eventBusPolicy, rule } from "./events.ts";
import { managedPolicy, policy, role } from "./iam.ts";
import { alias, key } from "./kms.ts";
import { lambdaFunction } from "./lambda-function.ts";
import { eventInvokeConfig, eventSourceMapping, permission } from "./lambda-wiring.ts";
import type { Provisioner } from "./resource-type.ts";
import { bucket, bucketPolicy } from "./s3.ts";
import { secret, secretPolicy } from "./secrets-manager.ts";
import { subscription, topic, topicPolicy } from "./sns.ts";
import { queue, queuePolicy } from "./sqs.ts";
import { withoutEffect } from "./without-effect.ts";

export const RESOURCE_TYPES: Readonly<Record<string, Provisioner>> = {
  ...withoutEffect,
  "AWS::ApiGatewayV2::Api": httpApi,
  "AWS::ApiGatewayV2::Integration": integration,
  "AWS::ApiGatewayV2::Route": route,
  "AWS::ApiGatewayV2::Stage": stage,
  "AWS::CloudWatch::Alarm": alarm,
  "AWS::DynamoDB::GlobalTable": table,
  "AWS::DynamoDB::Table": table,
  "AWS::Events::EventBus": eventBus,
  "AWS::Events::EventBusPolicy": eventBusPolicy,
  "AWS::Events::Rule": rule,
  "AWS::IAM::ManagedPolicy": managedPolicy,
  "AWS::IAM::Policy": policy,
  "AWS::IAM::Role": role,
  "AWS::KMS::Alias": alias,
  "AWS::KMS::Key": key,
  "AWS::Lambda::EventInvokeConfig": eventInvokeConfig,
  "AWS::Lambda::EventSourceMapping": eventSourceMapping,
  "AWS::Lambda::Function": lambdaFunction,
  "AWS::Lambda::Permission": permission,
  "AWS::S3::Bucket": bucket,
  "AWS::S3::BucketPolicy": bucketPolicy,
  "AWS::SNS::Subscription": subscription,
  "AWS::SNS::Topic": topic,
  "AWS::SNS::TopicPolicy": topicPolicy,
  "AWS::SQS::Queue": queue,
  "AWS::SQS::QueuePolicy": queuePolicy,
  "AWS::SecretsManager::ResourcePolicy": secretPolicy,
  "AWS::SecretsManager::Secret": secret,
};
