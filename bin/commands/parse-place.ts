/** A place of gatebook.yml, as people write it. */
import { InvalidArgumentError } from "commander";
import type { AccessPlace } from "../../lib/core/access/access-question.ts";

/** @param text `shop/production`, or `shop` for the whole project */
export function parsePlace(text: string): AccessPlace {
  const [project = "", environment, ...more] = text.split("/");
  if (project === "" || environment === "" || more.length > 0) {
    throw new InvalidArgumentError("It is <project>/<environment>, such as shop/production, or <project>.");
  }
  return { project, ...(environment !== undefined && { environment }) };
}
