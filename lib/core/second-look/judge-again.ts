/** A record judged again, by what the index knows of its delivery now. */
import type { AccessDecision } from "../access/access-decision.ts";
import type { AccessControl } from "../access/judge-access.ts";
import { mfaReader } from "../access/know-mfa.ts";
import type { MfaIndex } from "../access/mfa-index.ts";
import { calendarOf } from "../configuration/calendar.ts";
import { placeholdersOf } from "../configuration/placeholders.ts";
import { createDetector } from "../detections/detector.ts";
import { findingOfMatch } from "../detections/finding-of-match.ts";
import type { AuditRecord } from "../record/audit-record.ts";
import { recordDecider } from "../record/decide-record.ts";
import type { DeliveryIndex } from "../record/delivery-index.ts";
import { toCandidate } from "../record/detect-batch.ts";
import type { Finding } from "../record/finding.ts";
import { nameApprover } from "../record/name-approver.ts";
import type { PreparedRecord } from "../record/prepare-record.ts";
import { nameHolders, type SessionIndex } from "../record/session-holder.ts";
import { recordViewer, type ViewedRecord } from "../record/view-records.ts";
import type { Settings } from "../settings.ts";
import { deliveryRules, isAboutChange } from "./delivery-rules.ts";
import { preparedAgain, withoutGuess } from "./prepared-again.ts";

export interface JudgingWorld {
  readonly settings: Pick<Settings, "configuration" | "rules">;
  /** Without it, no policy is in force. */
  readonly access?: AccessControl;
  readonly sessions: SessionIndex;
  readonly mfa: MfaIndex;
}

type Viewed = ViewedRecord<PreparedRecord>;

export interface JudgeAgain {
  /** Ids of the rules whose fact is a change, by whichever event it is told. */
  readonly aboutChange: ReadonlySet<string>;
  /** @param index for as long as nothing is written */
  view(record: AuditRecord, index: DeliveryIndex): Promise<Viewed>;
  /** What rules about deliveries find. */
  detect(viewed: Viewed): Promise<readonly Finding[]>;
  /** What the access policy says, and the findings with its denial among them. */
  decide(
    viewed: Viewed,
    findings: readonly Finding[],
  ): Promise<{ access: AccessDecision; findings: readonly Finding[] }>;
}

export function createJudge({ settings, access, sessions, mfa }: JudgingWorld): JudgeAgain {
  const { configuration, rules } = settings;
  const calendarAt = calendarOf(configuration);
  const viewRecords = recordViewer(configuration, access?.grantsAround);
  const placeholders = placeholdersOf(configuration);
  const match = createDetector({ rules: { rules: deliveryRules(rules), correlations: [] }, placeholders });
  const decideOn = recordDecider(access, settings);

  async function viewOne(record: PreparedRecord, index: DeliveryIndex): Promise<Viewed> {
    const [viewed] = await viewRecords([record], { index, attempt: async (_, step) => step() });
    return viewed as Viewed;
  }

  return {
    aboutChange: new Set(rules.rules.filter(isAboutChange).map(({ id }) => id)),
    async view(record, index) {
      const prepared = preparedAgain(record, calendarAt);
      const [named = prepared] = await nameHolders([prepared], sessions);
      const linkedAnew = await viewOne(withoutGuess(named), index);
      const isLost = linkedAnew.trace === undefined && named.entry.trace !== undefined;
      const viewed = isLost ? await viewOne(named, index) : linkedAnew;
      // What an event changed, it did when it was recorded.
      const { changes } = record;
      return changes === undefined ? viewed : { ...viewed, changes, view: { ...viewed.view, changes } };
    },
    async detect(viewed) {
      const [matches = []] = await match([toCandidate(viewed)]);
      const named = nameApprover(viewed.view, viewed.delivery);
      return matches.map((each) => findingOfMatch(each, named));
    },
    decide: (viewed, findings) => decideOn(viewed, findings, mfaReader([viewed.record.entry], mfa)),
  };
}
