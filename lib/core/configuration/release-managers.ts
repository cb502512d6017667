/** Who may release to a place. */
import { type AccessPlace, nameOfPlace } from "../access/access-question.ts";
import type { Configuration } from "./configuration.ts";
import { placesOf } from "./project.ts";
import { holdersOf, rolesIn } from "./role-members.ts";

/** The role of gatebook.yml whose members approve releases. */
const ROLE = "release-manager";

export type MayRelease = (of: readonly AccessPlace[], people: readonly string[]) => boolean | undefined;

/**
 * Makes the question whether everybody of a list may release to the places, to each that one of their projects has there; undefined where none of them names its
 * release managers.
 *
 * @example
 * mayRelease([{ project: "shop", environment: "production" }], ["ana@acme.example"]) // true
 */
export function releaseManagers({ projects, teams }: Pick<Configuration, "projects" | "teams">): MayRelease {
  const byPlace = new Map(
    placesOf(projects).flatMap((place) => {
      const members = rolesIn(projects, place).get(ROLE);
      return members === undefined ? [] : [[nameOfPlace(place), new Set(holdersOf(members, teams))]];
    }),
  );
  return (of, people) => {
    const known = of.flatMap((place) => {
      const managers = byPlace.get(nameOfPlace(place));
      return managers === undefined ? [] : [{ project: place.project, managers }];
    });
    if (known.length === 0) return undefined;
    const together = [...Map.groupBy(known, ({ project }) => project).values()];
    return people.every((person) => together.some((places) => places.every(({ managers }) => managers.has(person))));
  };
}
