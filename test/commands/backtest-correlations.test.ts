/** `gatebook backtest` over several events: correlations and first sightings, of any log source. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { gatebook, linesOf, temporaryFolder } from "./gatebook.ts";

const RULES = `title: Failed log-in
name: failed_login
id: 11111111-2222-4333-8444-555555555551
level: low
logsource: { product: acme, service: door }
detection: { selection: { what: failed }, condition: selection }
---
title: Few failed log-ins
id: 11111111-2222-4333-8444-555555555552
level: high
correlation: { type: event_count, rules: [failed_login], group-by: [who], timespan: 1h, condition: { gt: 1, lt: 4 } }
---
title: Many failed log-ins
id: 11111111-2222-4333-8444-555555555553
level: high
correlation: { type: event_count, rules: [failed_login], group-by: [who], timespan: 10m, condition: { gte: 3 } }
---
title: New face
id: 11111111-2222-4333-8444-555555555554
level: medium
logsource: { product: acme, service: door }
first_seen: { fields: [who], within: 90d, learn: 14d }
detection: { selection: { what: opened }, condition: selection }
---
title: In a circle
name: circle
correlation: { type: temporal, rules: [circle], timespan: 1h }
`;

const event = (timestamp: string, what: string, who: string) => ({ timestamp, what, who, id: "of the door" });

test("counts in the order of time, learns from the first event on, and says what cannot run", async () => {
  const folder = await temporaryFolder();
  const file = join(folder, "door.jsonl");
  const events = [
    event("2026-03-01T10:06:00Z", "failed", "bo"),
    event("2026-03-01T10:00:00Z", "failed", "bo"),
    event("2026-03-01T10:03:00Z", "failed", "bo"),
    event("2026-03-01T10:00:00Z", "failed", "bo"),
    event("2026-03-01T10:01:00Z", "failed", "cy"),
    { what: "failed", who: "cy" },
    { what: "failed", who: "cy" },
    event("2026-03-02T10:00:00Z", "opened", "ana"),
    event("2026-04-01T10:00:00Z", "opened", "ana"),
    event("2026-04-02T10:00:00Z", "opened", "bo"),
    event("2026-04-03T10:00:00Z", "opened", "bo"),
  ];
  writeFileSync(file, events.map((each) => JSON.stringify(each)).join("\n"));
  writeFileSync(join(folder, "rules.yml"), RULES);
  const { code, stdout, stderr } = await gatebook([
    ...["backtest", file, "--rules", folder, "--logsource", "acme/door", "--json"],
  ]);
  expect(linesOf(stdout)).toMatchObject([
    { at: `${file}:0`, title: "Few failed log-ins", time: "2026-03-01T10:06:00.000Z" },
    { at: `${file}:0`, title: "Many failed log-ins" },
    { at: `${file}:9`, title: "New face", time: "2026-04-02T10:00:00.000Z" },
  ]);
  expect(stderr).toContain("correlation.rules: In a circle refers to itself");
  expect(code).toBe(2);
});

test("correlates events that sources sent, over the normalised record", async () => {
  const folder = await temporaryFolder();
  writeFileSync(
    join(folder, "rules.yml"),
    `title: A pipeline was started
name: started
level: low
logsource: { product: gatebook, service: access }
detection: { selection: { action: pipeline.start }, condition: selection }
---
title: An approval was given
name: approved
level: low
logsource: { product: gatebook, service: access }
detection: { selection: { action: pipeline.approve }, condition: selection }
---
title: One person starts and approves
name: alone
level: high
correlation: { type: temporal_ordered, rules: [started, approved], group-by: [person, trace], timespan: 1d }
`,
  );
  const { code, stdout } = await gatebook(["backtest", "test/events/story", "--rules", folder, "--json"]);
  expect(linesOf(stdout)).toMatchObject([
    {
      at: "test/events/story/26-self-approved-approved-by-ana.json:0",
      rule: "alone",
      principal: "arn:aws:iam::111122223333:user/ana",
    },
  ]);
  expect(code).toBe(1);
});
