/** Resource types that need nothing on one machine, each with the reason, and the Ref that others may ask for. */
import { LOCAL_ACCOUNT, LOCAL_REGION } from "../aws-service.ts";
import type { Provisioned } from "../template/scope.ts";
import { physicalName } from "./physical-name.ts";
import type { Provisioner, Resource } from "./resource-type.ts";

const MAX_NAME = 512;

const REASONS: Readonly<Record<string, string>> = {
  "AWS::CDK::Metadata": "it counts users of the CDK",
  "AWS::Logs::LogGroup": "logs go to files",
  "AWS::Logs::MetricFilter": "there are no metrics",
  "AWS::Logs::QueryDefinition": "logs go to files",
  "AWS::Logs::ResourcePolicy": "logs go to files",
  "AWS::CloudWatch::Dashboard": "there are no metrics",
  "AWS::XRay::Group": "there are no traces",
};

export const withoutEffect: Readonly<Record<string, Provisioner>> = Object.fromEntries(
  Object.entries(REASONS).map(([type, reason]) => [
    type,
    async (resource, { report }) => {
      report(`${type}: nothing to make: ${reason}`);
      return type === "AWS::Logs::LogGroup" ? logGroup(resource) : { ref: resource.logicalId };
    },
  ]),
);

function logGroup({ stackName, logicalId, properties }: Resource): Provisioned {
  const given = properties["LogGroupName"];
  const name = typeof given === "string" ? given : physicalName(stackName, logicalId, MAX_NAME);
  return { ref: name, attributes: { Arn: `arn:aws:logs:${LOCAL_REGION}:${LOCAL_ACCOUNT}:log-group:${name}:*` } };
}
