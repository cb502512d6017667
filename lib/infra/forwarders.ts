/** Which forwarders the app has: by what gatebook.yml says of home. */
import type { App } from "aws-cdk-lib";
import type { Configuration } from "../core/configuration/configuration.ts";
import { ForwarderStack } from "./forwarder-stack.ts";

/**
 * Where IAM, console sign-ins, CloudFront, Organizations and AWS's other global services tell their events
 * (https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-concepts.html#cloudtrail-concepts-global-service-events).
 */
const GLOBAL_REGION = "us-east-1";

/** Without `sources.home` there is none, so that the app has one stack and `cdk deploy` needs no name. */
export function addForwarders(app: App, { organisation, alerts, sources }: Configuration): void {
  const { home, cloudtrailBucket: logBucket } = sources;
  if (home === undefined) return;
  const props = { organisation, home, logBucket, emails: alerts.email };
  if (home.region !== GLOBAL_REGION) {
    new ForwarderStack(app, "Gatebook-Forwarder", {
      ...props,
      description: "Gatebook: forwards the events of AWS's global services",
      env: { account: home.account, region: GLOBAL_REGION },
    });
  }
  // For whichever account and region it is deployed to, by the CDK or as a StackSet.
  new ForwarderStack(app, "Gatebook-Member", {
    ...props,
    description: "Gatebook: forwards the events of another account or region",
  });
}
