/** The gate at a release: when it says no, and what it does when it cannot know. */
import * as z from "zod";
import { LEVELS } from "../record/finding.ts";

const MAX_URL_CHARACTERS = 200;
const GITHUB_API = "https://api.github.com";

/** A token of the app goes there: in clear it would be anybody's on the way. */
const apiUrl = z
  .string()
  .max(MAX_URL_CHARACTERS, `must have ${MAX_URL_CHARACTERS} characters at most`)
  .refine(
    isApi,
    "must be a URL that begins https:// and ends without a slash, such as https://github.acme.example/api/v3",
  )
  .default(GITHUB_API);

function isApi(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, username, password } = new URL(text);
  const isSafe = protocol === "https:" || (protocol === "http:" && hostname === "127.0.0.1");
  return isSafe && username === "" && password === "" && !/[?#\s]|\/$|\.\./.test(text);
}

export const Gate = z.strictObject({
  /** What becomes of a release when the gate cannot know. */
  onError: z.enum(["block", "allow"], "must be block or allow").default("block"),
  /** An open finding on the delivery from this level up stops it. */
  minimumFindingLevel: z.enum(LEVELS, `must be one of ${LEVELS.join(", ")}`).default("high"),
  releaseWindow: z.enum(["business-hours", "always"], "must be business-hours or always").default("business-hours"),
  /** The GitHub App that answers deployment protection rules. */
  github: z
    .strictObject({
      appId: z.string().regex(/^[1-9]\d{0,18}$/, "must be the id of a GitHub App, a number in quotes"),
      apiUrl,
    })
    .optional(),
});
