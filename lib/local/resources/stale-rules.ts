/** Removes the rules and buses that an earlier start made and the template no longer has: they would go on delivering. */
import {
  DeleteEventBusCommand,
  DeleteRuleCommand,
  ListEventBusesCommand,
  ListRulesCommand,
  ListTargetsByRuleCommand,
  RemoveTargetsCommand,
} from "@aws-sdk/client-eventbridge";
import type { World } from "./world.ts";

type Stale = Pick<World, "clients" | "rules" | "report">;

export async function removeStaleRules(world: Stale): Promise<void> {
  const { clients, rules, report } = world;
  const { EventBuses = [] } = await clients.events.send(new ListEventBusesCommand({}));
  for (const { Name, Arn } of EventBuses) {
    if (Name === undefined || Arn === undefined) continue;
    await removeRulesOf(Name, world);
    if (Name === "default" || rules.has(Arn)) continue;
    await clients.events.send(new DeleteEventBusCommand({ Name }));
    report(`Event bus ${Name} is not in the template any more: removed`);
  }
}

async function removeRulesOf(EventBusName: string, { clients: { events }, rules, report }: Stale): Promise<void> {
  const { Rules = [] } = await events.send(new ListRulesCommand({ EventBusName }));
  for (const { Name, Arn } of Rules) {
    if (Name === undefined || Arn === undefined || rules.has(Arn)) continue;
    const name = { Rule: Name, EventBusName };
    const { Targets = [] } = await events.send(new ListTargetsByRuleCommand(name));
    const Ids = Targets.flatMap(({ Id }) => (Id === undefined ? [] : [Id]));
    if (Ids.length > 0) await events.send(new RemoveTargetsCommand({ ...name, Ids }));
    await events.send(new DeleteRuleCommand({ Name, EventBusName }));
    report(`Rule ${Name} is not in the template any more: removed`);
  }
}
