/** Names of the things that tie the events of one delivery together, whichever system tells of them. */

/** SHA-1 or SHA-256 in hex (https://git-scm.com/docs/hash-function-transition): the same in every system that has the commit. */
const COMMIT = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;
/** What Git writes where there is no commit: a branch before it was made, or after it was deleted. */
const NO_COMMIT = /^0+$/;

/** @param sha whatever a source wrote where a commit belongs */
export function commitNode(sha: unknown): string | undefined {
  if (typeof sha !== "string" || NO_COMMIT.test(sha)) return undefined;
  const name = sha.toLowerCase();
  return COMMIT.test(name) ? `commit:${name}` : undefined;
}
