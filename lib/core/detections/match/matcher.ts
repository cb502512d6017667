/** What rules and their parts are compiled into. */
import type { GatebookError } from "../../errors.ts";

/** Takes any JSON value; never throws. */
export type Matcher = (record: unknown) => boolean;

/** Makes the error for something wrong with the part of the rule that is compiled. */
export type Invalid = (message: string) => GatebookError;
