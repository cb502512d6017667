/** gatebook.yml: what an organisation calls normal, in one schema. */
import * as z from "zod";
import { DEFAULT_LATENESS_MINUTES } from "../detections/memory/open-buckets.ts";
import { MAX_SHARDS } from "../evidence/shard.ts";
import { WEBHOOK_SOURCES } from "../sources/webhooks/webhook-source.ts";
import { Alerts } from "./alerts.ts";
import { date, email } from "./field-types.ts";
import { Gate } from "./gate.ts";
import { Grants } from "./grants.ts";
import { Mfa } from "./mfa.ts";
import { accountId, Project } from "./project.ts";
import { OwnWitness, Witnesses } from "./witnesses.ts";

export const WEEKDAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;
export type Weekday = (typeof WEEKDAYS)[number];

/** EventBridge takes 10 KB of policy to a bus. */
const MAX_ACCOUNTS = 100;
const SHARDS_RANGE = `must be a whole number from 1 to ${MAX_SHARDS}`;

/** Events that are later than that are not counted with those of their time any more (lib/core/detections/memory/lateness.ts). */
const MAX_LATENESS_MINUTES = 24 * 60;
const LATENESS_RANGE = `must be a whole number of minutes from 0 to ${MAX_LATENESS_MINUTES}`;

/** As long as the shortest month: what a campaign asks is due by the time that the next one opens. */
const MAX_DUE_DAYS = 28;
const DUE_RANGE = `must be a whole number of days from 1 to ${MAX_DUE_DAYS}`;

/** Within a month somebody still knows what it was about. */
const MAX_EXPLAIN_HOURS = 30 * 24;
const EXPLAIN_RANGE = `must be a whole number of hours from 1 to ${MAX_EXPLAIN_HOURS}`;

const timeOfDay = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time of day in quotes, from "00:00" to "23:59"');
const region = z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/, "must be a region of AWS, such as eu-west-1");
const organisationId = z
  .string()
  .regex(/^o-[a-z0-9]{10,32}$/, "must be the id of an AWS organisation: o- and 10 to 32 letters or digits");
const bucketName = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/,
    "must be the name of a bucket, such as acme-org-trail, and no ARN or URL",
  );
const days = z.int().min(1);
const placeholderName = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,62}$/, "must be a lower-case letter, then letters, digits and underscores, 63 in all");

// Intl knows the time zones of the machine that synthesises; a zone that it rejects would fail every event at run time.
const timezone = z.string().refine((zone) => {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: zone }) !== undefined;
  } catch {
    return false;
  }
}, "must be a time zone of the IANA database, such as Europe/London");

const BusinessHours = z
  .strictObject({
    days: z.array(z.enum(WEEKDAYS)).default(["mon", "tue", "wed", "thu", "fri"]),
    from: timeOfDay.default("08:00"),
    to: timeOfDay.default("18:00"),
    holidays: z.array(date).default([]),
  })
  .refine(({ from, to }) => from < to, { path: ["to"], message: "must be later than businessHours.from" });

const Person = z.strictObject({
  email,
  name: z.string().min(1),
  left: date.optional(),
  /** `github:<login>`, the ARN of an IAM user or role session, `sso:<Identity Center user name>`. */
  identities: z.array(z.string().min(1)).default([]),
});

export const Configuration = z.strictObject({
  organisation: z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/, "must be 1 to 63 lower-case letters, digits and hyphens"),
  timezone: timezone.default("UTC"),
  businessHours: BusinessHours.prefault({}),
  alerts: Alerts,
  evidence: z
    .strictObject({
      retentionDays: days.max(36_500).default(2555),
      mode: z.enum(["COMPLIANCE", "GOVERNANCE"]).default("COMPLIANCE"),
      /** How many logs new events are spread over. */
      shards: z.int(SHARDS_RANGE).min(1, SHARDS_RANGE).max(MAX_SHARDS, SHARDS_RANGE).default(1),
      /** Who is asked to cosign each checkpoint. */
      witnesses: Witnesses,
    })
    .prefault({}),
  review: z
    .strictObject({
      schedule: z.enum(["monthly", "quarterly", "yearly"]).default("quarterly"),
      staleAfterDays: days.default(90),
      keyMaxAgeDays: days.default(90),
      /** How long after its opening a campaign's decisions are due. */
      dueAfterDays: z.int(DUE_RANGE).min(1, DUE_RANGE).max(MAX_DUE_DAYS, DUE_RANGE).default(14),
      /** How long after its first use break-glass access may stay unexplained. */
      explainWithinHours: z.int(EXPLAIN_RANGE).min(1, EXPLAIN_RANGE).max(MAX_EXPLAIN_HOURS, EXPLAIN_RANGE).default(24),
      remediation: z.literal("report", "must be report: deactivating access is not supported yet").default("report"),
    })
    .prefault({}),
  sources: z
    .strictObject({
      webhooks: z.array(z.enum(WEBHOOK_SOURCES, `must be one of ${WEBHOOK_SOURCES.join(", ")}`)).default(["github"]),
      /** Where the main stack is deployed: the forwarders of other regions and accounts send there. */
      home: z.strictObject({ account: accountId, region }).optional(),
      /** The accounts of this organisation may send their events. */
      organisationId: organisationId.optional(),
      /** These accounts may send their events. */
      accounts: z
        .array(accountId)
        .max(MAX_ACCOUNTS, `must be at most ${MAX_ACCOUNTS}: name organisationId instead`)
        .default([]),
      /** Whose log files are imported: of a trail, or of GitHub's audit-log stream. */
      cloudtrailBucket: bucketName.optional(),
    })
    .prefault({}),
  /** A witness of our own, for a second account: the stack Gatebook-Witness. */
  witness: OwnWitness.optional(),
  people: z.array(Person).default([]),
  teams: z.record(z.string(), z.array(email)).default({}),
  projects: z.record(z.string(), Project).default({}),
  /** When a release may not go on. */
  gate: Gate.prefault({}),
  /** Roles that people have for minutes to hours. */
  grants: Grants.prefault({}),
  /** Which accesses need a second factor. */
  mfa: Mfa.prefault({}),
  /** Who comes in when nothing else works: principals, or roles in their chain. */
  breakGlass: z.array(z.string().min(1)).default([]),
  /** Branches, by name or pattern, that nobody pushes to without a review. */
  protectedBranches: z
    .array(z.string().min(1))
    .min(1, "must name at least one branch: leave the key out for main, master and release/*")
    .default(["main", "master", "release/*"]),
  detections: z
    .strictObject({
      /** Lists of the organisation's own, for rules to use as %name%. */
      placeholders: z.record(placeholderName, z.array(z.string().min(1))).default({}),
      /** How long after its end a time is judged that a later event could judge otherwise. */
      latenessMinutes: z
        .int(LATENESS_RANGE)
        .min(0, LATENESS_RANGE)
        .max(MAX_LATENESS_MINUTES, LATENESS_RANGE)
        .default(DEFAULT_LATENESS_MINUTES),
    })
    .prefault({}),
  components: z
    .array(
      z.strictObject({
        name: z.string().min(1),
        match: z.array(z.string().min(1)).min(1),
        sensitivity: z.enum(["low", "medium", "high", "critical"]),
      }),
    )
    .default([]),
});

export type Configuration = z.infer<typeof Configuration>;
export type Person = Configuration["people"][number];
