/** The alarm on witnesses that do not cosign: nothing waits for them, so that nobody else would notice. */
import { Duration } from "aws-cdk-lib";
import {
  Alarm,
  ComparisonOperator,
  type IAlarmAction,
  Metric,
  Stats,
  TreatMissingData,
} from "aws-cdk-lib/aws-cloudwatch";
import type { Construct } from "constructs";

const SILENT_HOURS = 3;

export function watchCosignatures(scope: Construct, alarmAction: IAlarmAction): void {
  new Alarm(scope, "CosignatureAlarm", {
    // As functions/cosigning.ts counts them; the dimension is Powertools' own.
    metric: new Metric({
      namespace: "Gatebook",
      metricName: "CosignatureMissing",
      dimensionsMap: { service: "publish" },
      statistic: Stats.SUM,
      period: Duration.hours(1),
    }),
    threshold: 0,
    evaluationPeriods: SILENT_HOURS,
    comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
    treatMissingData: TreatMissingData.NOT_BREACHING,
    alarmDescription: `For ${SILENT_HOURS} hours on end, a witness has not cosigned some of Gatebook's checkpoints. See docs/operations.md#a-witness-does-not-cosign`,
  }).addAlarmAction(alarmAction);
}
