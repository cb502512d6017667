/**
 * Validates an event against an exported OCSF schema (https://schema.ocsf.io/1.8.0/api/schema): class, known and required attributes, types,
 * enums and object constraints. An attribute that belongs to a profile counts only when `metadata.profiles` names that profile.
 */

interface Attribute {
  readonly type: string;
  readonly object_type?: string;
  readonly is_array?: boolean;
  readonly requirement?: string;
  readonly profiles?: readonly string[] | null;
  readonly enum?: Readonly<Record<string, unknown>>;
}

interface Shape {
  readonly name: string;
  readonly attributes: Readonly<Record<string, Attribute>>;
  readonly constraints?: { readonly at_least_one?: readonly string[]; readonly just_one?: readonly string[] };
}

interface OcsfType {
  readonly type?: string;
  readonly regex?: string;
  readonly max_len?: number;
  readonly range?: readonly [number, number];
}

interface OcsfClass extends Shape {
  readonly uid: number;
  readonly profiles?: readonly string[];
}

export interface OcsfSchema {
  readonly classes: Readonly<Record<string, OcsfClass>>;
  readonly objects: Readonly<Record<string, Shape>>;
  readonly dictionary: { readonly types: { readonly attributes: Readonly<Record<string, OcsfType>> } };
}

type Members = Readonly<Record<string, unknown>>;

/** `resources` is Gatebook's in every class: see lib/core/record/ocsf.ts. */
const OWN_ATTRIBUTES = ["resources"];

/** What is wrong with the event, one sentence each; nothing when it is valid. */
export function validateOcsf(schema: OcsfSchema, event: Members): readonly string[] {
  const ocsfClass = Object.values(schema.classes).find(({ uid }) => uid === event["class_uid"]);
  if (ocsfClass === undefined) return [`class_uid: there is no class ${event["class_uid"]}`];
  const profiles = (event["metadata"] as { profiles?: readonly string[] } | undefined)?.profiles ?? [];
  const foreign = profiles.filter((profile) => !ocsfClass.profiles?.includes(profile));
  return [
    ...foreign.map((profile) => `metadata.profiles: ${ocsfClass.name} has no profile ${profile}`),
    ...relationErrors(event),
    ...shapeErrors({ schema, profiles }, ocsfClass, event, ""),
  ];
}

interface Context {
  readonly schema: OcsfSchema;
  readonly profiles: readonly string[];
}

function relationErrors(event: Members): readonly string[] {
  const [classUid, category, activity, type] = ["class_uid", "category_uid", "activity_id", "type_uid"].map((name) =>
    Number(event[name]),
  );
  return [
    ...(category === Math.floor(Number(classUid) / 1000)
      ? []
      : [`category_uid: ${category} is not that of ${classUid}`]),
    ...(type === Number(classUid) * 100 + Number(activity) ? [] : [`type_uid: ${type} is not class × 100 + activity`]),
  ];
}

function shapeErrors(context: Context, shape: Shape, members: Members, path: string): readonly string[] {
  const known = Object.entries(shape.attributes).filter(([, attribute]) => counts(context, attribute));
  const attributes = new Map(known);
  const isClass = path === "";
  const required = known
    .filter(([name, { requirement }]) => requirement === "required" && members[name] === undefined)
    .map(([name]) => `${path}${name}: is required in ${shape.name}`);
  const values = Object.entries(members).flatMap(([name, value]) => {
    const attribute = attributes.get(name) ?? (isClass && OWN_ATTRIBUTES.includes(name) ? RESOURCES : undefined);
    return attribute === undefined
      ? [`${path}${name}: is no attribute of ${shape.name} with the profiles ${context.profiles.join(", ") || "none"}`]
      : attributeErrors(context, attribute, value, `${path}${name}`);
  });
  return [...required, ...values, ...constraintErrors(shape, members, path)];
}

const RESOURCES: Attribute = { type: "object_t", object_type: "resource_details", is_array: true };

function counts({ profiles }: Context, attribute: Attribute): boolean {
  return !attribute.profiles?.length || attribute.profiles.some((profile) => profiles.includes(profile));
}

function constraintErrors({ name, constraints }: Shape, members: Members, path: string): readonly string[] {
  const where = path === "" ? "" : `${path.slice(0, -1)}: `;
  const present = (names: readonly string[]) => names.filter((each) => members[each] !== undefined).length;
  const { at_least_one: some, just_one: one } = constraints ?? {};
  return [
    ...(some !== undefined && present(some) === 0 ? [`${where}${name} needs at least one of ${some.join(", ")}`] : []),
    ...(one !== undefined && present(one) !== 1 ? [`${where}${name} needs just one of ${one.join(", ")}`] : []),
  ];
}

function attributeErrors(context: Context, attribute: Attribute, value: unknown, path: string): readonly string[] {
  if (!attribute.is_array) return valueErrors(context, attribute, value, path);
  if (!Array.isArray(value)) return [`${path}: is no array`];
  return value.flatMap((element, index) => valueErrors(context, attribute, element, `${path}.${index}`));
}

function valueErrors(context: Context, attribute: Attribute, value: unknown, path: string): readonly string[] {
  if (attribute.enum !== undefined && !Object.hasOwn(attribute.enum, String(value))) {
    return [`${path}: ${value} is none of ${Object.keys(attribute.enum).join(", ")}`];
  }
  if (attribute.type !== "object_t") return typeErrors(context, attribute.type, value, path);
  if (typeof value !== "object" || value === null || Array.isArray(value)) return [`${path}: is no object`];
  // The schema's own `object` has no attributes: it takes any.
  const shape = context.schema.objects[attribute.object_type ?? "object"];
  if (shape === undefined || shape.name === "object") return [];
  return shapeErrors(context, shape, value as Members, `${path}.`);
}

function typeErrors({ schema }: Context, name: string, value: unknown, path: string): readonly string[] {
  const type = schema.dictionary.types.attributes[name];
  if (type === undefined) return [`${path}: has a type that the schema does not define, ${name}`];
  const base = type.type ?? name;
  if (base === "json_t") return [];
  if (!isOf(base, value)) return [`${path}: is not of type ${base}`];
  const { regex, max_len: maxLength, range } = type;
  const isTooLong = maxLength !== undefined && String(value).length > maxLength;
  const isOutside = range !== undefined && (Number(value) < range[0] || Number(value) > range[1]);
  const isMalformed = regex !== undefined && !new RegExp(regex).test(String(value));
  return isTooLong || isOutside || isMalformed ? [`${path}: ${value} is no ${name}`] : [];
}

function isOf(base: string, value: unknown): boolean {
  switch (base) {
    case "boolean_t":
      return typeof value === "boolean";
    case "integer_t":
    case "long_t":
    case "timestamp_t":
      return Number.isSafeInteger(value);
    case "float_t":
      return typeof value === "number" && Number.isFinite(value);
    default:
      return typeof value === "string";
  }
}
