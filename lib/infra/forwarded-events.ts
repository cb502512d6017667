/** The way in for the events of other regions and accounts: a bus of its own, whose rules lead into the intake queue. */
import { ArnFormat, Stack } from "aws-cdk-lib";
import { EventBus } from "aws-cdk-lib/aws-events";
import { AccountPrincipal, type IPrincipal, PolicyStatement, StarPrincipal } from "aws-cdk-lib/aws-iam";
import { Construct } from "constructs";
import { intakeRules } from "./event-rules.ts";
import { allowRules, createIntakeRules } from "./intake-rules.ts";
import type { WatchedQueue } from "./watched-queue.ts";

export interface ForwardedEventsProps {
  readonly organisation: string;
  /** The AWS organisation whose accounts may send. */
  readonly organisationId?: string | undefined;
  /** Accounts that may send. */
  readonly accounts: readonly string[];
  readonly intake: WatchedQueue;
}

export class ForwardedEvents extends Construct {
  readonly bus: EventBus;

  constructor(scope: Construct, id: string, props: ForwardedEventsProps) {
    super(scope, id);
    const { organisation, organisationId, accounts, intake } = props;
    const eventBusName = forwardedBusName(organisation);
    this.bus = new EventBus(this, "Bus", {
      eventBusName,
      description: "Gatebook: events forwarded from other regions and accounts",
    });
    if (organisationId !== undefined) {
      this.admit("Organisation", [new StarPrincipal()], { "aws:PrincipalOrgID": organisationId });
    }
    if (accounts.length > 0) {
      this.admit(
        "Accounts",
        accounts.map((account) => new AccountPrincipal(account)),
      );
    }
    const { queue, deadLetters } = intake;
    createIntakeRules(this, { rules: intakeRules(), eventBus: this.bus, targetArn: queue.queueArn, deadLetters });
    for (const each of [queue, deadLetters]) allowRules(each, [this.arnOfRules(eventBusName)]);
  }

  /**
   * Lets EventBridge alone, by a rule of theirs, put what passed their bus: `PutEvents` called by themselves is refused. A rule cannot change
   * an event on its way to another account, and only AWS puts events under a source of AWS's, so that what says `aws.` here is AWS's own word.
   */
  private admit(sid: string, principals: IPrincipal[], conditions: Readonly<Record<string, string>> = {}): void {
    this.bus.addToResourcePolicy(
      new PolicyStatement({
        sid,
        principals,
        actions: ["events:PutEvents"],
        resources: [this.bus.eventBusArn],
        conditions: { StringEquals: { "events:eventBusInvocation": "true", ...conditions } },
      }),
    );
  }

  private arnOfRules(bus: string): string {
    const resourceName = `${bus}/*`;
    const arnFormat = ArnFormat.SLASH_RESOURCE_NAME;
    return Stack.of(this).formatArn({ service: "events", resource: "rule", resourceName, arnFormat });
  }
}

/** A name given and not made up by CloudFormation, so that forwarders elsewhere know the bus before it is there. */
export function forwardedBusName(organisation: string): string {
  return `gatebook-${organisation}-forwarded`;
}
