/** The story under test/events/story: a release, one that its starter approves, and a deploy role taken at night. */
import { expect, test } from "vitest";
import { parseMessage } from "../../../lib/core/sources/message.ts";
import { eventId, normalise } from "../../../lib/core/sources/normalise.ts";
import { principalOf } from "../../../lib/core/sources/principal.ts";
import { fixtureBody, fixtureNames } from "./fixtures.ts";

const ANA = "arn:aws:iam::111122223333:user/ana";
const BO = "arn:aws:iam::111122223333:user/bo";
const DEPLOY_ROLE = "arn:aws:iam::111122223333:role/shop-deploy";
const APPROVAL = "arn:aws:codepipeline:eu-west-1:111122223333:shop-release/Approve/ReleaseApproval";

const STORY = fixtureNames("story").map((name) => {
  const message = parseMessage(fixtureBody("story", name));
  const { event, action, trace } = normalise(message);
  return {
    id: eventId(message, event),
    event,
    action,
    trace,
    who: principalOf(event),
    what: event.resources?.[0]?.uid,
  };
});

test("it is told in order, each event once", () => {
  const times = STORY.map(({ event }) => event.time);
  expect(times).toEqual([...times].sort((a, b) => a - b));
  expect(new Set(STORY.map(({ id }) => id)).size).toBe(STORY.length);
});

test("ana starts both releases; bo approves the first and ana the second", () => {
  const people = STORY.filter(({ who, action }) => [ANA, BO].includes(who) && action !== "access.assume");
  expect(people.map(({ who, action, event }) => [who, action, event.metadata.event_code])).toEqual([
    [ANA, "pipeline.start", "StartPipelineExecution"],
    [ANA, "pipeline.start", "CodePipeline Pipeline Execution State Change"],
    [BO, "pipeline.approve", "PutApprovalResult"],
    [ANA, "pipeline.start", "StartPipelineExecution"],
    [ANA, "pipeline.start", "CodePipeline Pipeline Execution State Change"],
    [ANA, "pipeline.approve", "PutApprovalResult"],
  ]);
});

test("the approval's request ties the approver's call, which names no execution, to the execution's starter", () => {
  const approvals = STORY.filter(({ event }) => event.metadata.event_code === "PutApprovalResult");
  const starters = approvals.map((approval) => {
    const request = STORY.findLast(
      ({ what, event }) => what === APPROVAL && event.status === "STARTED" && event.time < approval.event.time,
    );
    return STORY.find(({ action, trace }) => action === "pipeline.start" && trace === request?.trace)?.who;
  });
  expect(approvals.map(({ trace, what }) => [trace, what])).toEqual([
    [undefined, APPROVAL],
    [undefined, APPROVAL],
  ]);
  expect(starters).toEqual([ANA, ANA]);
});

test("everything happens on weekdays", () => {
  expect(STORY.map(({ event }) => new Date(event.time).getUTCDay()).filter((day) => day === 0 || day === 6)).toEqual(
    [],
  );
});

test("only the deploy role's last use is outside London's working hours", () => {
  const hour = new Intl.DateTimeFormat("en-GB", { timeZone: "Europe/London", hour: "2-digit", hourCycle: "h23" });
  const uses = STORY.filter(({ action }) => action === "access.assume");
  expect(uses.map(({ who, what, event }) => [who, what, hour.format(event.time)])).toEqual([
    [expect.stringContaining(":assumed-role/shop-pipeline/"), DEPLOY_ROLE, "10"],
    [expect.stringContaining(":assumed-role/shop-pipeline/"), DEPLOY_ROLE, "14"],
    [ANA, DEPLOY_ROLE, "02"],
  ]);
});
