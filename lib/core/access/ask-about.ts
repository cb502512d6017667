/** From a record to the questions that it puts to the policies. */
import type { Configuration } from "../configuration/configuration.ts";
import { placeholdersOf } from "../configuration/placeholders.ts";
import { placesIn } from "../configuration/placement.ts";
import { ADMINISTRATOR, environmentsOf } from "../configuration/project.ts";
import { rolesIn } from "../configuration/role-members.ts";
import { withSessions } from "../configuration/role-sessions.ts";
import { matcherOf } from "../configuration/wildcard.ts";
import type { RecordView } from "../detections/record-view.ts";
import { FAILURE } from "../record/ocsf.ts";
import { isServicePrincipal, principalOf } from "../sources/principal.ts";
import { workloadPatterns } from "./access-entities.ts";
import {
  type AccessContext,
  type AccessPlace,
  type AccessPrincipal,
  type AccessQuestion,
  type GovernedAction,
  isGoverned,
} from "./access-question.ts";
import { cedarAddress } from "./cedar-address.ts";
import { mfaOfEvent } from "./mfa.ts";
import { subjectOf } from "./subject-of.ts";

/** One question for each project that the access touches; or why there is none. */
export type Asked = { readonly questions: readonly AccessQuestion[] } | { readonly none: string };

const ADMINISTERED: ReadonlySet<GovernedAction> = new Set([
  "source.protect",
  "source.admin",
  "pipeline.edit",
  "pipeline.bypass",
  "build.edit",
  "runner.register",
  "artifact.delete",
  "artifact.share",
  "secret.write",
  "secret.delete",
  "secret.rotate",
]);

/** Sessions that CodeBuild opens for a build, `AWSCodeBuild-<uuid>`, and CodePipeline for an action, named by the time. */
const PIPELINE_SESSION = /\/(AWSCodeBuild-[0-9a-f-]{36}|\d{13})$/;

export function createAskAbout(configuration: Configuration): (view: RecordView) => Asked {
  const { projects } = configuration;
  const lookups: Lookups = {
    workloadOf: workloadLookup(projects),
    isOurJob: jobTest(configuration),
    isBreakGlass: matcherOf(configuration.breakGlass),
    isNamedRole: matcherOf([...workloadPatterns(projects), ...configuration.breakGlass]),
  };
  const readers = new Map(
    environmentsOf(projects).map(({ path, readers: patterns, deployRoles }) => [
      path,
      matcherOf(withSessions([...patterns, ...deployRoles])),
    ]),
  );
  return (view) => {
    const { action } = view;
    if (!isGoverned(action)) return { none: `no policy speaks about ${action}` };
    if (view.by_merge === true) return { none: "the merge that made the push speaks for itself" };
    if (view.status_id === FAILURE) return { none: "the call was refused: nothing was accessed" };
    const touched = placesIn({ environments: view.environments ?? [], projects: view.projects ?? [] });
    const places = touched.filter((place) => !isUnadministered(action, place, projects));
    if (places.length === 0) return { none: noPlace(view, action) };
    const principal = principalIn(view, lookups.workloadOf);
    if (principal === undefined) return { none: nobody(view) };
    if (action === "access.assume" && principal.type === "Person" && !lookups.isNamedRole(targetOf(view)))
      return { none: "gatebook.yml does not name the role that was taken on: what is done with it speaks for itself" };
    const isReaderOf = ({ project, environment }: AccessPlace): boolean =>
      [principalOf(view), ...(view.granted.chain ?? []), view.person ?? ""].some(
        (name) => readers.get(`${project}/${environment}`)?.(name) === true,
      );
    return {
      questions: places.map((place) => ({
        principal,
        action,
        place,
        context: contextOf(view, isReaderOf(place), lookups),
      })),
    };
  };
}

function isUnadministered(action: GovernedAction, place: AccessPlace, projects: Configuration["projects"]): boolean {
  return ADMINISTERED.has(action) && !rolesIn(projects, place).has(ADMINISTRATOR);
}

function noPlace(view: RecordView, action: GovernedAction): string {
  const touched = [...(view.environments ?? []), ...(view.projects ?? [])];
  if (touched.length === 0) return "it touches no project of gatebook.yml";
  return `no policy speaks about ${action}: ${touched.join(", ")} has no role ${ADMINISTRATOR}`;
}

function nobody(view: RecordView): string {
  if (view.by_service === true) return "a cloud service acted, for whom its own event speaks";
  return `${principalOf(view)} is neither a person nor a workload of gatebook.yml`;
}

type WorkloadOf = (names: readonly string[]) => string | undefined;

interface Lookups {
  readonly workloadOf: WorkloadOf;
  /** Whether an identity provider's subject is a job of a project's repository. */
  readonly isOurJob: (subject: string) => boolean;
  readonly isBreakGlass: (uid: string) => boolean;
  /** Whether a role is one that the policies can mean: of all others of an account, nobody has written who may read with them. */
  readonly isNamedRole: (uid: string) => boolean;
}

/** Without case: GitHub's and GitLab's names have none. */
function jobTest(configuration: Configuration): Lookups["isOurJob"] {
  const subjects = placeholdersOf(configuration)["oidc_subjects"] ?? [];
  const matches = matcherOf(subjects.map((subject) => subject.toLowerCase()));
  return (subject) => matches(subject.toLowerCase());
}

function workloadLookup(projects: Configuration["projects"]): WorkloadOf {
  const tests = workloadPatterns(projects).map((pattern) => ({ pattern, matches: matcherOf(withSessions([pattern])) }));
  return (names) => tests.find(({ matches }) => names.some(matches))?.pattern;
}

/** A person is who they are in whichever role: what they do as a deploy role, they do. */
function principalIn(view: RecordView, workloadOf: WorkloadOf): AccessPrincipal | undefined {
  if (view.person !== undefined) return { type: "Person", id: view.person, left: view.leaver === true };
  const issuer = view.actor?.session?.issuer;
  const workload = workloadOf([principalOf(view), ...(issuer === undefined ? [] : [issuer])]);
  return workload === undefined ? undefined : { type: "Workload", id: workload };
}

function contextOf(view: RecordView, isReader: boolean, lookups: Lookups): AccessContext {
  const { granted, calendar, delivery } = view;
  const self = view.person ?? principalOf(view);
  const address = cedarAddress(granted.sourceAddress ?? "");
  return {
    businessHours: calendar.business_hours,
    mfa: view.mfa ?? mfaOfEvent(granted),
    granted: granted.by,
    ...(address !== undefined && { address }),
    // Whoever takes it on needs the right to, too.
    breakGlass: view.break_glass === true || (view.action === "access.assume" && lookups.isBreakGlass(targetOf(view))),
    byPipeline: isByPipeline(view, lookups),
    isReader,
    wrote: delivery?.committers?.includes(self) === true,
    started: delivery?.starters.includes(self) === true,
    editedPipeline: delivery?.editors?.includes(self) === true,
  };
}

/** What the call names first: of a session, the role. */
function targetOf({ resources }: RecordView): string {
  return resources?.[0]?.uid ?? "";
}

/**
 * What a pipeline does, it does through a service, a job that its repository's provider vouches for, or a session that one of these or the role
 * of a build opened. A session's name is its opener's choice, and its provider alone says nothing of the repository: they are believed only for as long as nobody
 * is known to have opened it.
 */
function isByPipeline(view: RecordView, { workloadOf, isOurJob }: Lookups): boolean {
  const { granted, opened_by: opener } = view;
  if (view.by_service === true) return true;
  const subject = granted.by === "federation" ? granted.subject : undefined;
  if (subject !== undefined) return isOurJob(subject);
  if (opener === undefined) return granted.by === "federation" || PIPELINE_SESSION.test(principalOf(view));
  return isServicePrincipal(opener) || isOurJob(subjectOf(opener) ?? "") || workloadOf([opener]) !== undefined;
}
