/** CodeDeploy's deployments, and the instances that they reach. */
import { arn, testFixtures } from "./expectations.ts";

const SERVICE = "service:codedeploy.amazonaws.com";
const GROUP = [arn("codedeploy", "deploymentgroup:shop/production"), arn("codedeploy", "application:shop")];
const INSTANCE = [arn("ec2", "instance/i-0a1b2c3d4e5f60718"), ...GROUP];

testFixtures("codedeploy", {
  failed: ["other", 600299, SERVICE, GROUP, { by: "service" }, "Failure"],
  "instance-failed": ["other", 600299, SERVICE, INSTANCE, { by: "service" }, "Failure"],
  "instance-started": ["other", 600203, SERVICE, INSTANCE, { by: "service" }, "START"],
  started: ["deploy.start", 600203, SERVICE, GROUP, { by: "service" }, "START"],
  stopped: ["deploy.change", 600204, SERVICE, GROUP, { by: "service" }, "STOP"],
  succeeded: ["other", 600299, SERVICE, GROUP, { by: "service" }, "Success"],
});
