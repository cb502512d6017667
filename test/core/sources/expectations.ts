/** A table of what each fixture of a folder comes to, checked as a whole: a fixture without a line in the table fails. */
import { expect, test } from "vitest";
import { fixtureNames, gist } from "./fixtures.ts";

const ACCOUNT = "111122223333";
export const ANA = iam("user/ana");
export const BO = iam("user/bo");

/** `typeUid` is the OCSF class × 100 + activity; `status` is empty where the event tells no outcome. */
export type Expectation = readonly [
  action: string,
  typeUid: number,
  who: string,
  resources: readonly string[],
  granted: object,
  status: string,
];

export function testFixtures(folder: string, expected: Readonly<Record<string, Expectation>>): void {
  test(`every fixture of ${folder} has an expectation`, () => {
    expect(fixtureNames(folder)).toEqual(Object.keys(expected).sort());
  });

  test.each(Object.entries(expected))(`${folder}/%s`, (name, [action, typeUid, who, resources, granted, status]) => {
    const seen = gist(folder, name);
    expect({ ...seen, typeUid: seen.event.type_uid, status: seen.event.status ?? "" }).toMatchObject({
      action,
      typeUid,
      who,
      status,
    });
    expect({ resources: seen.resources, granted: seen.means }).toEqual({ resources, granted });
  });
}

export function arn(service: string, resource: string): string {
  return `arn:aws:${service}:eu-west-1:${ACCOUNT}:${resource}`;
}

export function iam(resource: string): string {
  return `arn:aws:iam::${ACCOUNT}:${resource}`;
}

export function sts(resource: string): string {
  return `arn:aws:sts::${ACCOUNT}:${resource}`;
}
