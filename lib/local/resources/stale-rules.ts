/** Removes the rules that an earlier start made and the template no longer has: they would go on delivering. */
import {
  DeleteRuleCommand,
  ListRulesCommand,
  ListTargetsByRuleCommand,
  RemoveTargetsCommand,
} from "@aws-sdk/client-eventbridge";
import type { World } from "./world.ts";

export async function removeStaleRules({ clients: { events }, rules, report }: World): Promise<void> {
  const { Rules = [] } = await events.send(new ListRulesCommand({}));
  for (const { Name, Arn, EventBusName } of Rules) {
    if (Name === undefined || Arn === undefined || rules.has(Arn)) continue;
    const name = { Rule: Name, ...(EventBusName && { EventBusName }) };
    const { Targets = [] } = await events.send(new ListTargetsByRuleCommand(name));
    const Ids = Targets.flatMap(({ Id }) => (Id === undefined ? [] : [Id]));
    if (Ids.length > 0) await events.send(new RemoveTargetsCommand({ ...name, Ids }));
    await events.send(new DeleteRuleCommand({ Name, ...(EventBusName && { EventBusName }) }));
    report(`Rule ${Name} is not in the template any more: removed`);
  }
}
