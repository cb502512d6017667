/** The part of OCSF 1.8.0 that Gatebook writes (https://schema.ocsf.io/1.8.0). */

export const OCSF_VERSION = "1.8.0";

/** Class UIDs, with their category one thousand below. */
export const BASE_EVENT = 0;
export const AUTHENTICATION = 3002;
export const USER_ACCESS = 3005;
export const APPLICATION_LIFECYCLE = 6002;
export const API_ACTIVITY = 6003;

/** `severity_id` */
export const INFORMATIONAL = 1;

/** `status_id` */
export const STATUS_UNKNOWN = 0;
export const SUCCESS = 1;
export const FAILURE = 2;
export const STATUS_OTHER = 99;

export interface OcsfUser {
  readonly uid?: string;
  readonly name?: string;
  readonly type?: string;
  readonly type_id?: number;
  readonly email_addr?: string;
  readonly credential_uid?: string;
  readonly account?: { readonly uid: string };
}

export interface OcsfResource {
  readonly uid?: string;
  readonly name?: string;
  readonly type?: string;
  readonly region?: string;
}

/** `raw_data` is the redacted original; `raw_data_hash` is the SHA-256 of the bytes as they arrived. */
export interface OcsfEvent {
  readonly class_uid: number;
  readonly category_uid: number;
  readonly activity_id: number;
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
    readonly profiles: readonly string[];
  };
  readonly cloud?: { readonly provider: string; readonly account?: { readonly uid: string }; readonly region?: string };
  readonly actor?: {
    readonly user?: OcsfUser;
    readonly session?: Readonly<Record<string, unknown>>;
    readonly invoked_by?: string;
  };
  /** Authentication and User Access name the person it is about here. */
  readonly user?: OcsfUser;
  readonly privileges?: readonly string[];
  readonly service?: { readonly name: string };
  readonly is_mfa?: boolean;
  readonly app?: { readonly name: string; readonly uid?: string; readonly vendor_name: string };
  readonly api?: {
    readonly operation: string;
    readonly service?: { readonly name: string };
    readonly request?: { readonly uid: string };
    readonly response?: { readonly error?: string; readonly error_message?: string };
  };
  readonly resources?: readonly OcsfResource[];
  readonly src_endpoint?: {
    readonly ip?: string;
    readonly domain?: string;
    readonly svc_name?: string;
    readonly name?: string;
  };
  readonly http_request?: { readonly user_agent?: string };
  readonly unmapped?: Readonly<Record<string, unknown>>;
  readonly raw_data?: string;
  readonly raw_data_hash?: { readonly algorithm_id: 3; readonly algorithm: "SHA-256"; readonly value: string };
}
