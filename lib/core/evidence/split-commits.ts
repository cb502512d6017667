/** Cutting a batch of any size into commits that fit the staging area, and the memory of a function. */
import type { AppendEntry } from "./append-entry.ts";

/** Entries to a commit. More would save hardly a write: a commit costs a dozen calls. */
export const MAX_COMMIT_ENTRIES = 10_000;

/** Of what is staged for the entries of a commit. With the tail of the log that is staged beside it, a quarter of what a staged batch may take. */
export const MAX_COMMIT_BYTES = 48 * 1024 * 1024;

/** In their order; an empty batch is one empty commit, which finishes what another writer left unfinished. */
export function splitCommits(entries: readonly AppendEntry[]): AppendEntry[][] {
  const commits: AppendEntry[][] = [[]];
  let bytes = 0;
  for (const entry of entries) {
    const last = commits.at(-1) ?? [];
    const size = stagedBytes(entry);
    if (last.length > 0 && (last.length >= MAX_COMMIT_ENTRIES || bytes + size > MAX_COMMIT_BYTES)) {
      commits.push([entry]);
      bytes = size;
    } else {
      last.push(entry);
      bytes += size;
    }
  }
  return commits;
}

function stagedBytes({ bytes, index, findings, payload }: AppendEntry): number {
  const described = JSON.stringify(index).length + (findings.length === 0 ? 0 : JSON.stringify(findings).length);
  // A payload is not staged, but it is in memory until its commit is made.
  return bytes.byteLength + described + (payload?.bytes.byteLength ?? 0);
}
