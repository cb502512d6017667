/** The part of OCSF 1.8.0 that Gatebook writes (https://schema.ocsf.io/1.8.0). */

export const OCSF_VERSION = "1.8.0";

/** Class UIDs, with their category one thousand below. */
export const BASE_EVENT = 0;
export const EVENT_LOG_ACTIVITY = 1008;
export const ACCOUNT_CHANGE = 3001;
export const AUTHENTICATION = 3002;
export const USER_ACCESS = 3005;
export const GROUP_MANAGEMENT = 3006;
export const APPLICATION_LIFECYCLE = 6002;
export const API_ACTIVITY = 6003;

/** `severity_id` */
export const INFORMATIONAL = 1;

/** `status_id` */
export const SUCCESS = 1;
export const FAILURE = 2;
export const STATUS_OTHER = 99;

/** `activity_id` of what no activity of the class describes; `activity_name` then holds the source's own word. */
export const ACTIVITY_OTHER = 99;

/** `user.type_id` */
export const USER_TYPE = { unknown: 0, user: 1, admin: 2, service: 4, other: 99 } as const;

export interface OcsfUser {
  readonly uid?: string;
  readonly name?: string;
  readonly type?: string;
  readonly type_id?: number;
  readonly email_addr?: string;
  readonly credential_uid?: string;
  readonly account?: { readonly uid: string };
}

interface OcsfSession {
  readonly uid?: string;
  /** The role or user that issued the session. */
  readonly issuer?: string;
  readonly credential_uid?: string;
  /** Epoch milliseconds. */
  readonly created_time?: number;
  readonly is_mfa?: boolean;
}

export interface OcsfGroup {
  readonly uid?: string;
  readonly name?: string;
}

export interface OcsfPolicy {
  readonly uid?: string;
  readonly name?: string;
}

/** `region` belongs to the profile `cloud`. */
export interface OcsfResource {
  readonly uid?: string;
  readonly name?: string;
  readonly type?: string;
  readonly region?: string;
}

export interface OcsfEndpoint {
  readonly ip?: string;
  readonly domain?: string;
  readonly svc_name?: string;
  readonly name?: string;
}

/** `raw_data` is the redacted original; `raw_data_hash` is the SHA-256 of the bytes as they arrived. */
export interface OcsfEvent {
  readonly class_uid: number;
  readonly category_uid: number;
  readonly activity_id: number;
  readonly activity_name?: string;
  readonly type_uid: number;
  readonly severity_id: number;
  /** Epoch milliseconds. */
  readonly time: number;
  readonly message?: string;
  readonly status_id?: number;
  readonly status?: string;
  readonly status_code?: string;
  readonly status_detail?: string;
  readonly metadata: {
    readonly version: typeof OCSF_VERSION;
    /** The source's own id of the event. */
    readonly uid: string;
    readonly product: { readonly name: string; readonly vendor_name: string };
    /** What the source calls this kind of event: detail-type, event name, webhook event. */
    readonly event_code: string;
    readonly original_time?: string;
    /** `cloud` wherever `cloud` is written; `host` where a class has `actor` from that profile alone (6002, base event). */
    readonly profiles: readonly string[];
  };
  readonly cloud?: {
    readonly provider: string;
    readonly account?: { readonly uid: string };
    readonly region?: string;
    readonly cloud_partition?: string;
  };
  readonly actor?: {
    readonly user?: OcsfUser;
    readonly session?: OcsfSession;
    readonly invoked_by?: string;
  };
  /** Authentication, Account Change, User Access and Group Management name the person it is about here. */
  readonly user?: OcsfUser;
  /** Account Change: the user after the change, as after a renaming. */
  readonly user_result?: OcsfUser;
  /** Account Change: what was attached to the user or detached. */
  readonly policies?: readonly OcsfPolicy[];
  /** Group Management. */
  readonly group?: OcsfGroup;
  /** User Access and Group Management: what was given or taken, as ARNs or the source's own words. */
  readonly privileges?: readonly string[];
  /** Event Log Activity: which log, and whose. */
  readonly log_name?: string;
  readonly log_provider?: string;
  readonly service?: { readonly name: string };
  readonly is_mfa?: boolean;
  readonly app?: { readonly name: string; readonly uid?: string; readonly vendor_name: string };
  readonly api?: {
    readonly operation: string;
    readonly service?: { readonly name: string };
    readonly request?: { readonly uid: string };
    readonly response?: { readonly error?: string; readonly error_message?: string };
  };
  /**
   * What was accessed, the most specific first. OCSF gives this attribute to API Activity and User Access only; Gatebook writes it in
   * every class, since "who touched this" must not depend on the class that an event fell into.
   */
  readonly resources?: readonly OcsfResource[];
  readonly src_endpoint?: OcsfEndpoint;
  readonly http_request?: { readonly user_agent?: string };
  readonly unmapped?: Readonly<Record<string, unknown>>;
  readonly raw_data?: string;
  readonly raw_data_hash?: { readonly algorithm_id: 3; readonly algorithm: "SHA-256"; readonly value: string };
}
