/** ECR's images pushed, deleted and scanned. */
import { expect, test } from "vitest";
import { arn, testFixtures } from "./expectations.ts";
import { normalised } from "./fixtures.ts";

const SERVICE = "service:ecr.amazonaws.com";
const REPOSITORY = [arn("ecr", "repository/shop")];

testFixtures("ecr", {
  "image-deleted": ["artifact.delete", 99, SERVICE, REPOSITORY, { by: "service" }, "Success"],
  "image-push-failed": ["other", 99, SERVICE, REPOSITORY, { by: "service" }, "Failure"],
  "image-pushed": ["artifact.publish", 99, SERVICE, REPOSITORY, { by: "service" }, "Success"],
  "image-scan-failed": ["other", 99, SERVICE, REPOSITORY, { by: "service" }, "Failure"],
  "image-scanned": ["other", 99, SERVICE, REPOSITORY, { by: "service" }, "Success"],
  "scan-frequency-changed": [
    "other",
    99,
    SERVICE,
    [arn("ecr", "repository/shop"), arn("ecr", "repository/till")],
    { by: "service" },
    "",
  ],
});

test("an image is told by its digest and its tags", () => {
  const image_digest = "sha256:7f5b2640fe6fb4f46592dfd3410c4a79dac4f89e4782432e0378abcd1234abcd";
  expect(normalised("ecr", "image-pushed").event.unmapped).toMatchObject({ image_digest, image_tags: ["1.4.2"] });
  expect(normalised("ecr", "image-scanned").event.unmapped).toMatchObject({
    image_digest,
    image_tags: ["1.4.2", "latest"],
    finding_severity_counts: { CRITICAL: 1, MEDIUM: 9 },
  });
});
