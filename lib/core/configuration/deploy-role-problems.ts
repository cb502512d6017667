/** Deploy roles in gatebook.yml that nobody can ever act as: every rule about them would be silent. */
import type { Configuration } from "./configuration.ts";
import type { Problem } from "./problem.ts";
import { environmentsOf } from "./project.ts";

const MAY_BE_ARN = /^(?:arn:|[*?])/;
const MESSAGE =
  "is no ARN, so that nobody ever acts as it: write the role's whole, such as arn:aws:iam::111122223333:role/shop-deploy";

export function findDeployRoleProblems({ projects }: Configuration): Problem[] {
  return environmentsOf(projects).flatMap(({ project, name, deployRoles }) =>
    deployRoles.flatMap((role, i) =>
      MAY_BE_ARN.test(role)
        ? []
        : [{ path: ["projects", project, "environments", name, "deployRoles", i], message: MESSAGE }],
    ),
  );
}
