/** Where the events of each source hold text that is read with the source: commit messages, pull requests' titles and descriptions. */
import type { JsonObject } from "../sources/json.ts";
import type { RawRecord } from "../sources/normalise.ts";

export interface SourceText {
  readonly of: "commit" | "pull request";
  /** Of JSON pointers into the raw record; the first group is the pointer of the object that has the id. */
  readonly path: RegExp;
  /** Where that object is, if not where the text is. */
  readonly owner?: string;
  /** The members that may hold it, the best first. */
  readonly ids: readonly string[];
  /** For records that use the same members for other things. */
  readonly isIn?: (record: JsonObject) => boolean;
}

const isMergeRequest = (record: JsonObject): boolean => record["object_kind"] === "merge_request";
const isCodeCommit = (record: JsonObject): boolean => record["eventSource"] === "codecommit.amazonaws.com";

/** Not comments: they are no part of the source, and whoever finds a secret in one can delete it. */
const TEXTS: Readonly<Record<string, readonly SourceText[]>> = {
  "github/webhook": [
    { of: "commit", path: /^(\/commits\/\d+|(?:\/[a-z_]+)?\/head_commit)\/message$/, ids: ["id"] },
    { of: "pull request", path: /^(\/pull_request)\/(?:title|body)$/, ids: ["number"] },
  ],
  "gitlab/webhook": [
    {
      of: "commit",
      path: /^(\/commits\/\d+|\/commit|\/(?:object_attributes|merge_request)\/last_commit)\/(?:message|title)$/,
      // A job's commit has the pipeline's number for its id.
      ids: ["sha", "id"],
    },
    { of: "pull request", path: /^(\/object_attributes)\/(?:title|description)$/, ids: ["iid"], isIn: isMergeRequest },
  ],
  "bitbucket/webhook": [
    {
      of: "commit",
      path: /^(\/push\/changes\/\d+\/(?:commits\/\d+|(?:new|old)\/target))\/(?:message|(?:summary|rendered)\/.{1,64})$/,
      ids: ["hash"],
    },
    { of: "commit", path: /^(\/commits\/\d+|\/toCommit)\/message$/, ids: ["id"] },
    {
      of: "pull request",
      path: /^(\/pull[rR]equest)\/(?:title|description|(?:summary|rendered)\/.{1,64})$/,
      ids: ["id"],
    },
  ],
  "azure-devops/webhook": [
    { of: "commit", path: /^(\/resource\/(?:commits\/\d+|last\w{0,32}Commit))\/comment$/, ids: ["commitId"] },
    { of: "pull request", path: /^(\/resource)\/(?:title|description)$/, ids: ["pullRequestId"] },
  ],
  "aws/codecommit": [{ of: "pull request", path: /^(\/detail)\/(?:title|description)$/, ids: ["pullRequestId"] }],
  "aws/cloudtrail": [
    {
      of: "commit",
      path: /^(\/requestParameters)\/(?:commitMessage|fileContent|putFiles\/\d+\/fileContent)$/,
      owner: "/responseElements",
      ids: ["commitId"],
      isIn: isCodeCommit,
    },
    {
      of: "pull request",
      path: /^(\/requestParameters)\/(?:title|description)$/,
      owner: "/responseElements/pullRequest",
      ids: ["pullRequestId"],
      isIn: isCodeCommit,
    },
  ],
};

export function sourceTexts({ product, service = "", record }: RawRecord): readonly SourceText[] {
  const source = `${product}/${service}`;
  const texts = Object.hasOwn(TEXTS, source) ? TEXTS[source] : undefined;
  return (texts ?? []).filter(({ isIn }) => isIn === undefined || isIn(record));
}
