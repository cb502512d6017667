/** What counts as a use of the access that is kept for emergencies, and to which session it belongs. */
import { describe, expect, test } from "vitest";
import { requireRules } from "../../../lib/adapters/rule-files.ts";
import { BREAK_GLASS_RULE } from "../../../lib/core/break-glass/emergency-session.ts";
import { ACCOUNT, ANA, BO, call, type Message } from "../record/views.ts";
import { emergencyDesk, SESSION, sessionCall, stopped, taken } from "./emergency-desk.ts";

const DEPLOY = `arn:aws:sts::${ACCOUNT}:assumed-role/shop-deploy/bo`;

async function sessionsOf(messages: readonly Message[], change?: readonly [string, string]) {
  const { tell } = emergencyDesk(change === undefined ? {} : { change });
  return (await tell(messages)).map(({ breakGlass }) => breakGlass);
}

describe("belongs to an emergency session", () => {
  test.each<[string, readonly Message[], readonly string[]]>([
    ["that it was taken on", [taken(BO, 0)], [SESSION]],
    ["what it does", [stopped(1)], [SESSION]],
    [
      "what is done in a role that it took on",
      [
        taken(BO, 0),
        // The emergency session takes the deploy role on, and acts with other credentials from then on.
        {
          ...sessionCall("sts:AssumeRole", 1),
          ...pick(taken(SESSION, 1, { session: DEPLOY, credential: "ASIAOTHER" })),
        },
        withCredential(stopped(2, DEPLOY), "ASIAOTHER"),
      ],
      [SESSION, SESSION, SESSION],
    ],
  ])("%s", async (_, messages, expected) => {
    expect(await sessionsOf(messages)).toEqual(expected);
  });

  test("what a user does who is kept for emergencies", async () => {
    const change = [`arn:aws:iam::${ACCOUNT}:role/break-glass`, ANA] as const;
    expect(await sessionsOf([call("ecs:UpdateService", 0, ANA)], change)).toEqual([ANA]);
  });
});

describe("is no use of emergency access:", () => {
  test.each<[string, Message]>([
    ["what was refused", { ...stopped(0), errorCode: "AccessDenied", errorMessage: "no" }],
    ["that it was not given", { ...taken(BO, 0), responseElements: null, errorCode: "AccessDenied" }],
    ["another role with a like name", stopped(0, `arn:aws:sts::${ACCOUNT}:assumed-role/not-break-glass/bo`)],
    ["another role taken on", taken(BO, 0, { session: DEPLOY })],
    ["what the same person does as themselves", call("ecs:UpdateService", 0, BO)],
    [
      "an explanation by the session itself",
      { v: 1, kind: "gatebook", uid: "x", time: 0, type: "break-glass.explained", principal: SESSION, message: "m" },
    ],
  ])("%s", async (_, message) => {
    expect(await sessionsOf([message])).toEqual([undefined]);
  });

  test("anything, where gatebook.yml keeps nothing for emergencies", async () => {
    const none = [`breakGlass: ["arn:aws:iam::${ACCOUNT}:role/break-glass"]`, "breakGlass: []"] as const;
    expect(await sessionsOf([taken(BO, 0), stopped(1)], none)).toEqual([undefined, undefined]);
  });
});

test("the gate and the rule that alerts mean the same rule", () => {
  const [rule] = requireRules("rules/detections/break-glass-used").rules;
  expect(rule?.id).toBe(BREAK_GLASS_RULE);
});

function pick({ requestParameters, responseElements }: Message): Message {
  return { requestParameters, responseElements };
}

function withCredential(message: Message, accessKeyId: string): Message {
  return { ...message, userIdentity: { ...(message["userIdentity"] as object), accessKeyId } };
}
