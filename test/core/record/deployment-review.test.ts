/** What rules see of the way to an approval that GitHub tells: the review of a deployment. */
import { describe, expect, test } from "vitest";
import { lastOf } from "./last-delivery.ts";
import { type Message, viewsOf } from "./views.ts";

describe("a deployment's review on GitHub", () => {
  const review = (action: string, more: Message): Message => ({
    headers: { "X-GitHub-Event": "deployment_review", "X-GitHub-Delivery": crypto.randomUUID() },
    body: {
      action,
      environment: "production",
      repository: { full_name: "acme/shop" },
      workflow_run: { id: 7, head_sha: "a".repeat(40), run_attempt: 1 },
      sender: { login: "analima" },
      ...more,
    },
  });
  const requested = (since: string): Message => review("requested", { since });
  // It tells no time of its own: it happened when it came in.
  const approved = review("approved", { approver: { login: "bochen" }, sender: { login: "bochen" } });

  test("is told from its request", async () => {
    const delivery = await lastOf([requested("2026-11-19T11:59:00Z"), approved]);
    expect(delivery).toMatchObject({ approvers: ["bo@acme.example"], approval_seconds: 61, entitled: true });
  });

  test("is not told from several, of which nobody says which it answers", async () => {
    const asked = [requested("2026-11-19T11:00:00Z"), requested("2026-11-19T11:59:00Z")];
    expect(await lastOf([...asked, approved])).not.toHaveProperty("approval_seconds");
  });

  test("that approves knows of nobody who rejects it afterwards", async () => {
    const rejected = review("rejected", { sender: { login: "deeokoye" } });
    const { together, oneByOne } = await viewsOf([requested("2026-11-19T11:59:00Z"), approved, rejected]);
    for (const views of [together, oneByOne]) {
      const approving = views.find(({ action }) => action === "pipeline.approve");
      expect(approving?.delivery).toMatchObject({ approvers: ["bo@acme.example"], rejecters: [] });
    }
  });
});
