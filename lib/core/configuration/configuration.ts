/** gatebook.yml: what an organisation calls normal, in one schema. */
import * as z from "zod";
import { LEVELS } from "../record/finding.ts";
import { WEBHOOK_SOURCES } from "../sources/webhooks/webhook-source.ts";
import { OwnWitness, Witnesses } from "./witnesses.ts";

export const WEEKDAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;
export type Weekday = (typeof WEEKDAYS)[number];

/** EventBridge takes 10 KB of policy to a bus. */
const MAX_ACCOUNTS = 100;

const email = z.email("must be an e-mail address, such as ana@acme.example");
const timeOfDay = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time of day in quotes, from "00:00" to "23:59"');
const date = z.iso.date("must be a date, such as 2026-12-25");
const accountId = z.string().regex(/^\d{12}$/, "must be an AWS account id of 12 digits, in quotes");
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

const Environment = z.strictObject({
  accounts: z.array(accountId).default([]),
  deployRoles: z.array(z.string().min(1)).default([]),
  secrets: z.array(z.string().min(1)).default([]),
});

const Person = z.strictObject({
  email,
  name: z.string().min(1),
  left: date.optional(),
  /** `github:<login>`, the ARN of an IAM user or role session, `sso:<Identity Center user name>`. */
  identities: z.array(z.string().min(1)).default([]),
});

const Project = z.strictObject({
  repositories: z.array(z.string().min(1)).default([]),
  pipelines: z.array(z.string().min(1)).default([]),
  environments: z.record(z.string(), Environment).default({}),
  roles: z.record(z.string(), z.array(z.string().min(1))).default({}),
});

export const Configuration = z.strictObject({
  organisation: z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/, "must be 1 to 63 lower-case letters, digits and hyphens"),
  timezone: timezone.default("UTC"),
  businessHours: BusinessHours.prefault({}),
  alerts: z.strictObject({
    email: z.array(email).min(1, "must name at least one address: an alert that nobody gets is none"),
    minimumLevel: z.enum(LEVELS).default("medium"),
    repeatAfterMinutes: z.int().min(0).default(60),
  }),
  evidence: z
    .strictObject({
      retentionDays: days.max(36_500).default(2555),
      mode: z.enum(["COMPLIANCE", "GOVERNANCE"]).default("COMPLIANCE"),
      shards: z.literal(1, "must be 1: more than one shard of the log is not supported yet").default(1),
      /** Who is asked to cosign each checkpoint. */
      witnesses: Witnesses,
    })
    .prefault({}),
  review: z
    .strictObject({
      schedule: z.enum(["monthly", "quarterly", "yearly"]).default("quarterly"),
      staleAfterDays: days.default(90),
      keyMaxAgeDays: days.default(90),
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
