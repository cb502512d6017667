/** What is on record of a delivery already: one fact is one finding. */
import type { Finding } from "../record/finding.ts";

export interface Said {
  add(findings: readonly Finding[]): void;
  /** Those that nothing has said before; they are said then. */
  takeNew(findings: readonly Finding[]): Finding[];
}

/**
 * The same is what the same rule says of the same person, or of the same event: a person may have become known since.
 *
 * @param aboutChange ids of the rules whose fact is a change, by whichever event and person it is told
 */
export function createSaid(aboutChange: ReadonlySet<string>): Said {
  const facts = new Set<string>();
  const namesOf = ({ rule: { id }, person, principal, event }: Finding): string[] =>
    aboutChange.has(id)
      ? [JSON.stringify([id])]
      : [JSON.stringify([id, "by", person ?? principal]), JSON.stringify([id, "in", event])];
  const add = (findings: readonly Finding[]): void => {
    for (const name of findings.flatMap(namesOf)) facts.add(name);
  };
  return {
    add,
    takeNew: (findings) =>
      findings.filter((finding) => {
        const isNew = !namesOf(finding).some((name) => facts.has(name));
        add([finding]);
        return isNew;
      }),
  };
}
