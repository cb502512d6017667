/** What a benchmark says: an absolute figure, and its ratio to a limit of this machine that was measured in the same rounds. */

export interface Measurement {
  readonly benchmark: string;
  readonly work: string;
  readonly value: number;
  readonly unit: string;
  readonly ratio?: { readonly value: number; readonly to: string };
  readonly bound?: Bound;
}

type Bound = { readonly of: "ratio"; readonly atLeast: number } | { readonly of: "value"; readonly atMost: number };

export function isWithinBound({ value, ratio, bound }: Measurement): boolean {
  if (bound === undefined) return true;
  return bound.of === "ratio" ? ratio !== undefined && ratio.value >= bound.atLeast : value <= bound.atMost;
}

/** One line for people. */
export function describe(measurement: Measurement): string {
  const { benchmark, work, value, unit, ratio, bound } = measurement;
  const figure = `${formatted(value)} ${unit}`;
  const against = ratio === undefined ? "" : `${ratio.value.toFixed(3)} × ${ratio.to}`;
  const line = `${benchmark.padEnd(12)} ${work.padEnd(44)} ${figure.padStart(32)}   ${against.padEnd(21)}`;
  if (bound === undefined) return line.trimEnd();
  const isRatio = bound.of === "ratio";
  const verdict = isWithinBound(measurement) ? "" : `  ${isRatio ? "below" : "above"} bound`;
  return `${line} ${isRatio ? `bound ≥ ${bound.atLeast}` : `bound ≤ ${formatted(bound.atMost)}`}${verdict}`;
}

/** Below a hundred the decimals matter. */
function formatted(value: number): string {
  return value.toLocaleString("en", { maximumFractionDigits: value < 100 ? 2 : 0 });
}
