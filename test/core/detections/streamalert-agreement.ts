/** Where our rules say the same of StreamAlert's events as StreamAlert does, and why not where they do not. */
import type { Verdict } from "./streamalert.ts";

/** By StreamAlert's rules, those of ours that look for the same; any one of them has to fire. */
const OURS: Readonly<Record<string, readonly string[]>> = {
  cloudtrail_critical_api_calls: [
    "AWS Config stopped recording",
    "Block against public buckets loosened by hand",
    "CloudTrail trail stopped or deleted",
    "GuardDuty switched off",
    "Network flow logs deleted",
  ],
  cloudtrail_mfa_policy_abuse_attempt: ["Second factor taken off a user"],
  cloudtrail_public_resources: [
    "Bucket opened to everybody by its policy",
    "Encryption key opened to everybody by its policy",
    "Image repository opened to everybody",
    "Secret opened to everybody by its policy",
    "Topic or queue opened to everybody by its policy",
  ],
  cloudtrail_put_bucket_acl: ["Bucket or object opened to everybody by its access list"],
  cloudtrail_put_object_acl_public: ["Bucket or object opened to everybody by its access list"],
  cloudtrail_put_object_acl_public_publisher_example: ["Bucket or object opened to everybody by its access list"],
  cloudtrail_root_account_usage: ["Root user of an account used"],
  github_disable_dismiss_stale_pull_request_approvals: ["Protection of a branch changed"],
  github_disable_protect_this_branch: ["Protection of a branch removed or switched off"],
  github_disable_required_pull_request_reviews: ["Protection of a branch changed"],
  github_disable_required_status_checks: ["Protection of a branch changed"],
  github_disable_two_factor_requirement_org: ["Two-factor or single sign-on requirement switched off"],
  github_disable_two_factor_requirement_user: ["Second factor taken off a GitHub account"],
  github_site_admin_user_promotion: ["Somebody made owner or administrator of code"],
};

const NETWORK = "Networks are not part of a delivery; Gatebook records the call and has no rule for it.";
const MACHINES =
  "Machine images, snapshots and databases are not what a pipeline delivers here; there is no rule for it.";
const OTHER_STORES =
  "There is no rule for this service's own policy; those for buckets, secrets, keys, images, topics and queues are there.";
const CONFIG = "What AWS Config finds and mends is Config's to tell; Gatebook looks at who did what.";

/** By their test, why ours comes to something else. */
export const DISAGREEMENTS: Readonly<Record<string, string>> = {
  "cloudtrail_aws_config#0": CONFIG,
  "cloudtrail_aws_config#2": CONFIG,
  "cloudtrail_critical_api_calls#0": NETWORK,
  "cloudtrail_critical_api_calls#1": NETWORK,
  "cloudtrail_critical_api_calls#2":
    "Ours looks at what becomes of the trail: this update leaves validation and all regions switched on.",
  "cloudtrail_critical_api_calls#4": MACHINES,
  "cloudtrail_ec2_image_creation#0": MACHINES,
  "cloudtrail_ec2_image_creation#1": MACHINES,
  "cloudtrail_mfa_policy_abuse_attempt#1":
    "Ours tells of every second factor that is taken off: an intruder in a session with MFA does that too.",
  "cloudtrail_mfa_policy_abuse_attempt#2": "The call was refused, and a device that is set up weakens nothing.",
  "cloudtrail_network_acl_ingress_anywhere#0": NETWORK,
  "cloudtrail_public_resources#1": OTHER_STORES,
  "cloudtrail_public_resources#2": OTHER_STORES,
  "cloudtrail_public_resources#3": OTHER_STORES,
  "cloudtrail_put_object_acl_public#2":
    "Ours reads the request's header under its own name, x-amz-grant-read; this sample has x_amz_grant_read, in another member.",
  "cloudtrail_root_account_usage#1":
    "What the console does for a root user who is signed in to it is root's own doing; calls of other services are not.",
  "cloudtrail_security_group_ingress_anywhere#0": NETWORK,
  "cloudtrail_snapshot_or_ami_made_public#1": MACHINES,
  "cloudtrail_snapshot_or_ami_made_public#2": MACHINES,
  "cloudtrail_snapshot_or_ami_made_public#4": MACHINES,
  "github_disable_required_status_checks#1":
    "GitHub's own audit log does not say which way it went, so ours tells of every change; Enterprise Server's does say.",
  "github_oauth_application_create#0":
    "An application that is registered has access to nothing; ours fires when the organisation lets it in.",
  "github_site_admin_action#0":
    "What site administrators do on a GitHub Enterprise Server is recorded and has no rule.",
};

/** Whether one of ours fires that looks for the same, or none does where none may. */
export function isAgreed({ theirs, ours }: Verdict): boolean {
  if (theirs.length === 0) return ours.length === 0;
  return theirs.some((rule) => OURS[rule]?.some((title) => ours.includes(title)) === true);
}

/** Titles that nobody has any more. */
export function unknownTitles(titles: ReadonlySet<string>): string[] {
  return [...new Set(Object.values(OURS).flat())].filter((title) => !titles.has(title));
}
