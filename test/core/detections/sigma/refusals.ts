/** A whole rule, and what it takes to be refused. */
import { expect } from "vitest";
import { parseRule } from "../../../../lib/core/detections/sigma/parse-rule.ts";

/** Its first line is empty, so that it begins in line 2. */
export const WHOLE = `
title: A trail stopped
id: 2b2276b4-95c8-4d7d-a27f-754efbdf3f31
status: experimental
description: Nobody is watching.
references: [https://example.com]
author: Somebody
date: 2026-11-22
tags: [attack.defense-impairment, attack.t1685.002]
logsource: { product: aws, service: cloudtrail, definition: a trail }
detection:
  selection:
    eventName|startswith|cased: [Stop, Delete]
  condition: selection
falsepositives: [Maintenance]
level: critical
runbook: [What it means, What to check, How to contain]
`;

export function expectRefusal(text: string, message: RegExp): void {
  expect(() => parseRule(text, "rule.yml")).toThrow(expect.objectContaining({ code: "RULE_INVALID" }));
  expect(() => parseRule(text, "rule.yml")).toThrow(message);
}
