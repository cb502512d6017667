/** Random passwords as Secrets Manager makes them (https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetRandomPassword.html). */
import { randomInt } from "node:crypto";
import * as z from "zod";
import { AwsError } from "../../aws-service.ts";

const DEFAULT_PASSWORD_LENGTH = 32;
const MAX_PASSWORD_LENGTH = 4096;

// CloudFormation hands booleans and numbers on as strings where the template has them so.
const Flag = z.union([z.boolean(), z.enum(["true", "false"]).transform((text) => text === "true")]).default(false);

export const RandomPasswordSchema = z.strictObject({
  PasswordLength: z.coerce.number().int().min(1).max(MAX_PASSWORD_LENGTH).default(DEFAULT_PASSWORD_LENGTH),
  ExcludeCharacters: z.string().max(MAX_PASSWORD_LENGTH).default(""),
  ExcludeLowercase: Flag,
  ExcludeUppercase: Flag,
  ExcludeNumbers: Flag,
  ExcludePunctuation: Flag,
  IncludeSpace: Flag,
  RequireEachIncludedType: z
    .union([z.boolean(), z.enum(["true", "false"]).transform((text) => text === "true")])
    .default(true),
});

const GenerateSecretStringSchema = z.strictObject({
  ...RandomPasswordSchema.shape,
  SecretStringTemplate: z.string().optional(),
  GenerateStringKey: z.string().min(1).optional(),
});

const LOWERCASE = "abcdefghijklmnopqrstuvwxyz";
const NUMBERS = "0123456789";
const PUNCTUATION = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~";

/**
 * The value of a template's `GenerateSecretString`: a password, alone or as one member of the JSON object in SecretStringTemplate.
 *
 * @throws AwsError `InvalidParameterException` or `InvalidRequestException` for settings that no secret can satisfy.
 */
export function generateSecretString(settings: unknown): string {
  const parsed = GenerateSecretStringSchema.safeParse(settings);
  if (!parsed.success) throw new AwsError("InvalidParameterException", 400, z.prettifyError(parsed.error));
  const { SecretStringTemplate: template, GenerateStringKey: key, ...password } = parsed.data;
  if (template === undefined && key === undefined) return randomPassword(password);
  if (template === undefined || key === undefined) {
    throw new AwsError("InvalidRequestException", 400, "SecretStringTemplate and GenerateStringKey go together.");
  }
  return JSON.stringify({ ...readTemplate(template), [key]: randomPassword(password) });
}

export function randomPassword(settings: z.infer<typeof RandomPasswordSchema>): string {
  const kinds = [
    settings.ExcludeLowercase ? "" : LOWERCASE,
    settings.ExcludeUppercase ? "" : LOWERCASE.toUpperCase(),
    settings.ExcludeNumbers ? "" : NUMBERS,
    settings.ExcludePunctuation ? "" : PUNCTUATION,
    settings.IncludeSpace ? " " : "",
  ]
    .map((kind) => Array.from(kind).filter((character) => !settings.ExcludeCharacters.includes(character)))
    .filter((kind) => kind.length > 0);
  const all = kinds.flat();
  const required = settings.RequireEachIncludedType ? kinds : [];
  if (all.length === 0 || required.length > settings.PasswordLength) {
    throw new AwsError("InvalidParameterException", 400, "No password satisfies these settings.");
  }
  const characters = required.map(pick);
  while (characters.length < settings.PasswordLength) characters.push(pick(all));
  return shuffle(characters).join("");
}

function readTemplate(template: string): object {
  try {
    return z.looseObject({}).parse(JSON.parse(template));
  } catch (cause) {
    throw Object.assign(new AwsError("InvalidRequestException", 400, "SecretStringTemplate is not a JSON object."), {
      cause,
    });
  }
}

function pick(characters: readonly string[]): string {
  return characters[randomInt(characters.length)] ?? "";
}

/** Fisher–Yates: the required characters must not stand where anybody can tell. */
function shuffle(characters: readonly string[]): string[] {
  const rest = [...characters];
  const shuffled: string[] = [];
  while (rest.length > 0) shuffled.push(...rest.splice(randomInt(rest.length), 1));
  return shuffled;
}
