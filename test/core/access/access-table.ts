/** The tables of docs/access-policy.md, made by asking the policies of rules/access: `npm run docs`. */
import { writeFileSync } from "node:fs";
import * as path from "node:path";
import {
  type AccessContext,
  type AccessPlace,
  type AccessPrincipal,
  GOVERNED_ACTIONS,
  type GovernedAction,
  nameOfPlace,
} from "../../../lib/core/access/access-question.ts";
import { ORDINARY, permissionFor } from "../../../lib/core/access/permissions.ts";
import { exampleAccess, ROOT } from "./example-access.ts";

export const ACCESS_PAGE = path.join(ROOT, "docs/access-policy.md");

const INTRODUCTION = `# Access policy

Who may do what, by the policies of \`rules/access\`: Cedar, checked against \`schema.cedarschema\` when the stack is synthesised. The tables are made by
\`npm run docs\`, which asks the policies themselves about the organisation of \`rules/example-organisation.yml\`.

- **yes**: allowed. **–**: denied; the access is a finding.
- **hours**: in business hours alone. **MFA**: not where the source says that there was no MFA; where it does not tell, the access is allowed.
- **others'**: not what they wrote or started themselves, nor through a pipeline that they edited last.

A call that was refused, an access that touches no project, and a principal that is neither a person nor a workload of gatebook.yml are *not applicable*:
\`gatebook policy check\` lists them. So are the administrators' actions in a project that has no role \`administrator\`. Whoever reads a secret as one of its
environment's \`readers\` may do so besides. A role is held on a project, and so in each of its environments, or in one environment alone: in the table of
another place, the release manager of staging is nobody.
`;

interface Column {
  readonly title: string;
  readonly principal: AccessPrincipal;
  readonly context?: Partial<AccessContext>;
}

const person = (id: string, left = false): AccessPrincipal => ({ type: "Person", id: `${id}@acme.example`, left });
const DEPLOY_ROLES: Readonly<Record<string, string>> = {
  staging: "arn:aws:iam::444455556666:role/shop-staging-deploy",
};
const DEPLOY_ROLE = "arn:aws:iam::111122223333:role/shop-deploy";

const PLACES: readonly AccessPlace[] = [
  { project: "shop" },
  { project: "shop", environment: "staging" },
  { project: "shop", environment: "production" },
];

function columnsFor({ environment = "" }: AccessPlace): Column[] {
  const role: AccessPrincipal = { type: "Workload", id: DEPLOY_ROLES[environment] ?? DEPLOY_ROLE };
  return [
    { title: "Developer", principal: person("dee") },
    { title: "Reviewer", principal: person("rae") },
    { title: "Release manager", principal: person("remy") },
    { title: "Release manager of staging", principal: person("pia") },
    { title: "Administrator", principal: person("ada") },
    { title: "No role", principal: person("gil") },
    { title: "Has left", principal: person("cy", true) },
    { title: "Deploy role, by its pipeline", principal: role, context: { byPipeline: true } },
    { title: "Deploy role, otherwise", principal: role },
    { title: "Break-glass", principal: person("gil"), context: { breakGlass: true } },
  ];
}

/** In a table there is room for a word. */
const SHORT: Readonly<Record<string, string>> = {
  "in business hours": "hours",
  "with MFA": "MFA",
  "where MFA is told": "MFA told",
  "of others' work": "others'",
  "of what others started": "others'",
  "through pipelines that others edited": "others'",
  // The column says so.
  "by their pipeline": "",
};

export function makeAccessPage(): string {
  const { decide, policies } = exampleAccess();
  const cell = ({ principal, context }: Column, action: GovernedAction, place: AccessPlace): string => {
    const permission = permissionFor(decide, { principal, action, place }, { ...ORDINARY, ...context });
    if (permission === undefined) return "–";
    const short = new Set(permission.conditions.map((words) => SHORT[words] ?? words));
    return [...short].filter(Boolean).join(", ") || "yes";
  };
  const tables = PLACES.map((place) => {
    const columns = columnsFor(place);
    const rows = GOVERNED_ACTIONS.map((action) => [
      `\`${action}\``,
      ...columns.map((each) => cell(each, action, place)),
    ]);
    return `## In \`${nameOfPlace(place)}\`\n\n${table(["Action", ...columns.map(({ title }) => title)], rows)}`;
  });
  const rows = policies.map(({ id, effect, reason }) => [`\`${id}\``, effect, reason]);
  return [INTRODUCTION, ...tables, `## Policies\n\n${table(["Policy", "Effect", "Because"], rows)}`].join("\n");
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |\n`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("");
}

if (import.meta.main) writeFileSync(ACCESS_PAGE, makeAccessPage());
