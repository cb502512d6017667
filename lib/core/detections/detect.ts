/** Which rules an event trips. */
import type { CompiledRule } from "./compile-rule.ts";
import { RECORD_LOGSOURCE } from "./rule.ts";
import { indexRules, type RuleIndex } from "./rule-index.ts";

/** One event, as its source wrote it and as Gatebook sees it; rules for either run if it is there. */
export interface Candidate {
  readonly raw?: { readonly product: string; readonly service?: string; readonly record: unknown };
  /** The normalised record: see `RecordView`. Any JSON will do; what is missing does not match. */
  readonly view?: unknown;
}

const NONE: readonly CompiledRule[] = [];

/** The index of each product's and service's rules, for each list of rules that was asked about. */
const indexes = new WeakMap<readonly CompiledRule[], Map<string, Map<string | undefined, RuleIndex>>>();

/** The rules that match, in their order. Keep the list of rules from call to call, unchanged: it is indexed once. */
export function detect(rules: readonly CompiledRule[], { raw, view }: Candidate): readonly CompiledRule[] {
  const { product, service } = RECORD_LOGSOURCE;
  const onView = view === undefined ? NONE : indexFor(rules, product, service)(view);
  // A source may not pose as the normalised record.
  const onRaw =
    raw === undefined || raw.product === product ? NONE : indexFor(rules, raw.product, raw.service)(raw.record);
  if (onView.length === 0) return onRaw;
  return onRaw.length === 0 ? onView : [...onView, ...onRaw];
}

function indexFor(rules: readonly CompiledRule[], product: string, service: string | undefined): RuleIndex {
  const known = indexes.get(rules)?.get(product)?.get(service);
  if (known !== undefined) return known;
  // A rule that names no service is for all of its product.
  const index = indexRules(
    rules.filter(
      ({ rule: { logsource } }) =>
        logsource.product === product && (logsource.service === undefined || logsource.service === service),
    ),
  );
  const products = indexes.get(rules) ?? new Map<string, Map<string | undefined, RuleIndex>>();
  indexes.set(rules, products);
  products.set(product, (products.get(product) ?? new Map<string | undefined, RuleIndex>()).set(service, index));
  return index;
}
