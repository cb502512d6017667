/** Sessions of the roles that gatebook.yml names: events have the ARN of a role, or of a session of it. */

/** A role's ARN has its path, a session's has the name alone: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html. */
const ROLE = /^arn:([^:]+):iam::([^:]*):role\/(?:.*\/)?([^/]+)$/;

/** The patterns, and beside each of a role that of its sessions. */
export function withSessions(patterns: readonly string[]): string[] {
  return patterns.flatMap((pattern) => {
    const [, partition, account, name] = ROLE.exec(pattern) ?? [];
    return name === undefined ? [pattern] : [pattern, `arn:${partition}:sts::${account}:assumed-role/${name}/*`];
  });
}
