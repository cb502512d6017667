/** The `${…}` syntax of Fn::Sub (https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-sub.html). */

/** `${!Literal}` stands for `${Literal}`. */
const VARIABLE = /\$\{(!?)([^}]*)\}/g;

export function substitute(pattern: string, lookUp: (name: string) => unknown): string {
  return pattern.replace(VARIABLE, (_, literal: string, name: string) =>
    literal === "!" ? `\${${name}}` : String(lookUp(name.trim())),
  );
}

export function variablesOf(pattern: string): readonly string[] {
  return [...pattern.matchAll(VARIABLE)]
    .filter(([, literal]) => literal !== "!")
    .map(([, , name]) => name?.trim() ?? "");
}
