/** Evaluates a template's Conditions, which may name each other. */
import { LocalCloudError } from "../local-cloud-error.ts";
import type { Scope } from "./scope.ts";

type Resolve = (value: unknown, scope: Scope) => unknown;

/** `resolve` is handed in because Fn::If makes values and conditions need each other. */
export function isConditionTrue(name: string, scope: Scope, resolve: Resolve, within: readonly string[] = []): boolean {
  const expression = scope.template.Conditions[name];
  if (expression === undefined) throw new LocalCloudError("TEMPLATE_INVALID", `There is no condition ${name}`);
  if (within.includes(name)) {
    throw new LocalCloudError("TEMPLATE_INVALID", `Conditions go round in a circle: ${[...within, name].join(" → ")}`);
  }
  const evaluate = (one: unknown): boolean => {
    const [[operator, argument] = ["nothing", undefined]] = Object.entries(one ?? {});
    const operands: readonly unknown[] = Array.isArray(argument) ? argument : [argument];
    switch (operator) {
      case "Condition":
        return isConditionTrue(String(argument), scope, resolve, [...within, name]);
      case "Fn::Equals": {
        const [left, right] = operands.map((operand) => JSON.stringify(resolve(operand, scope)));
        return left === right;
      }
      case "Fn::And":
        return operands.every(evaluate);
      case "Fn::Or":
        return operands.some(evaluate);
      case "Fn::Not":
        return !evaluate(operands[0]);
      default:
        throw new LocalCloudError("NOT_SUPPORTED", `Condition ${name} uses ${operator}, which has no meaning locally`);
    }
  };
  return evaluate(expression);
}
