/** Who may do what, decided as IAM decides it. */
import fc from "fast-check";
import { beforeEach, describe, expect, test } from "vitest";
import { createPolicyStore, type PolicyStore } from "../../../lib/local/authorisation/policy-store.ts";
import { LOCAL_ACCOUNT, LOCAL_OWNER, LOCAL_OWNER_KEY } from "../../../lib/local/aws-service.ts";

const ROLE = `arn:aws:iam::${LOCAL_ACCOUNT}:role/record`;
const BUCKET = "arn:aws:s3:::evidence";
const OBJECT = `${BUCKET}/tile/0/000`;
const QUEUE = `arn:aws:sqs:eu-west-1:${LOCAL_ACCOUNT}:intake`;
const KEY = `arn:aws:kms:eu-west-1:${LOCAL_ACCOUNT}:key/1`;
const put = { action: "s3:PutObject", resource: OBJECT };
const allow = { Effect: "Allow", Action: "s3:PutObject", Resource: `${BUCKET}/*` };
const deny = { ...allow, Effect: "Deny" };

let store: PolicyStore;
const ofRole = (...statements: object[]): void => store.putRole(ROLE, { policies: [{ Statement: statements }] });
const ofResource = (arn: string, ...statements: object[]): void =>
  store.putResourcePolicy(arn, { Statement: statements });
const outcome = (caller: string, ...needs: { action: string; resource: string }[]): string =>
  store.authorise(caller, needs).outcome;

beforeEach(() => {
  store = createPolicyStore();
});

describe("a role", () => {
  test("is denied what nothing allows, in AWS's words", () => {
    expect(store.authorise(ROLE, [put])).toEqual({
      outcome: "denied",
      reason: `User: ${ROLE} is not authorized to perform: s3:PutObject on resource: ${OBJECT} because no identity-based policy allows the s3:PutObject action`,
    });
  });

  test("is allowed what its policy allows, and no more", () => {
    ofRole(allow);
    expect(outcome(ROLE, put)).toBe("allowed");
    expect(outcome(ROLE, { ...put, action: "s3:DeleteObject" })).toBe("denied");
    expect(outcome(ROLE, { ...put, resource: "arn:aws:s3:::other/x" })).toBe("denied");
  });

  test("needs every one of a request's permissions", () => {
    ofRole(allow);
    expect(outcome(ROLE, put, { action: "kms:GenerateDataKey", resource: KEY })).toBe("denied");
  });

  test("is allowed by the resource's policy alone", () => {
    ofResource(BUCKET, { ...allow, Principal: { AWS: ROLE } });
    expect(outcome(ROLE, put)).toBe("allowed");
  });

  test("is not allowed by a policy that names its account: that leaves it to the role's own", () => {
    ofResource(BUCKET, { ...allow, Principal: { AWS: LOCAL_OWNER } });
    expect(outcome(ROLE, put)).toBe("denied");
  });

  test.each([
    ["its own", "identity-based"],
    ["the resource's", "resource-based"],
  ])("is denied by a Deny of %s policy, whatever allows", (_, kind) => {
    const forbid = kind === "identity-based" ? [deny] : [];
    ofRole(allow, ...forbid);
    ofResource(BUCKET, { ...allow, Principal: "*" }, ...(forbid.length > 0 ? [] : [{ ...deny, Principal: "*" }]));
    expect(store.authorise(ROLE, [put])).toMatchObject({
      outcome: "denied",
      reason: expect.stringContaining(
        `with an explicit deny in a${kind === "identity-based" ? "n" : ""} ${kind} policy`,
      ),
    });
  });

  test("is denied by a Deny that names its account", () => {
    ofRole(allow);
    ofResource(BUCKET, { ...deny, Principal: { AWS: LOCAL_ACCOUNT } });
    expect(outcome(ROLE, put)).toBe("denied");
  });
});

describe("matching", () => {
  test("ignores the case of actions and minds that of resources", () => {
    ofRole({ Effect: "Allow", Action: "S3:putobject", Resource: `${BUCKET}/*` });
    expect(outcome(ROLE, put)).toBe("allowed");
    expect(outcome(ROLE, { ...put, resource: OBJECT.replace("evidence", "EVIDENCE") })).toBe("denied");
  });

  test("turns NotAction and NotResource around", () => {
    ofRole({ Effect: "Allow", NotAction: "iam:*", NotResource: `${BUCKET}/locked/*` });
    expect(outcome(ROLE, put)).toBe("allowed");
    expect(outcome(ROLE, { ...put, resource: `${BUCKET}/locked/1` })).toBe("denied");
    expect(outcome(ROLE, { action: "iam:CreateUser", resource: "*" })).toBe("denied");
  });

  test("reads the conditions of the request and of who calls", () => {
    ofRole({ ...allow, Condition: { StringEquals: { "s3:if-none-match": "*", "aws:PrincipalArn": ROLE } } });
    expect(store.authorise(ROLE, [{ ...put, conditions: { "s3:if-none-match": "*" } }]).outcome).toBe("allowed");
    expect(outcome(ROLE, put)).toBe("denied");
  });

  test("lets the loopback interface stand for TLS", () => {
    ofRole(allow);
    ofResource(BUCKET, { ...deny, Principal: "*", Condition: { Bool: { "aws:SecureTransport": "false" } } });
    expect(outcome(ROLE, put)).toBe("allowed");
  });

  test("does not take one resource for another whose name it begins", () => {
    ofResource(BUCKET, { Effect: "Allow", Action: "s3:*", Resource: "*", Principal: "*" });
    expect(outcome(ROLE, { ...put, resource: `${BUCKET}-other/x` })).toBe("denied");
  });
});

describe("the owner", () => {
  test("may do everything that no policy forbids", () => {
    expect(outcome(LOCAL_OWNER, put)).toBe("allowed");
    ofResource(BUCKET, { ...deny, Principal: "*" });
    expect(outcome(LOCAL_OWNER, put)).toBe("denied");
  });

  test("has a key from the start, and others only theirs", () => {
    store.registerAccessKey("KEY1", ROLE);
    expect(store.callerOf(LOCAL_OWNER_KEY)).toBe(LOCAL_OWNER);
    expect(store.callerOf("KEY1")).toBe(ROLE);
    expect(store.callerOf("KEY2")).toBeUndefined();
  });
});

describe("an AWS service", () => {
  const send = { action: "sqs:SendMessage", resource: QUEUE };
  const fromRule = { ...send, conditions: { "aws:SourceArn": "arn:aws:events:eu-west-1:000000000000:rule/all" } };
  const statement = {
    Effect: "Allow",
    Action: "sqs:SendMessage",
    Resource: QUEUE,
    Principal: { Service: "events.amazonaws.com" },
    Condition: { ArnEquals: { "aws:SourceArn": fromRule.conditions["aws:SourceArn"] } },
  };

  test("is allowed by the resource's policy, for the source that it names", () => {
    ofResource(QUEUE, statement);
    expect(store.authorise("events.amazonaws.com", [fromRule]).outcome).toBe("allowed");
    expect(store.authorise("sns.amazonaws.com", [fromRule]).outcome).toBe("denied");
    expect(store.authorise("events.amazonaws.com", [send]).outcome).toBe("denied");
  });

  test("is told that the resource's policy is what lacks", () => {
    const decision = store.authorise("events.amazonaws.com", [send]);
    expect(decision).toMatchObject({ reason: expect.stringContaining("because no resource-based policy allows") });
  });

  test("cannot be let in by naming the account", () => {
    ofResource(QUEUE, { ...statement, Principal: { AWS: LOCAL_OWNER } });
    expect(store.authorise("events.amazonaws.com", [fromRule]).outcome).toBe("denied");
  });
});

describe("a key", () => {
  const sign = { action: "kms:Sign", resource: KEY };

  test("without a policy leaves it to the role's", () => {
    ofRole({ Effect: "Allow", Action: "kms:Sign", Resource: KEY });
    expect(outcome(ROLE, sign)).toBe("allowed");
  });

  test("with a policy that does not name the account shuts out what roles are allowed", () => {
    ofRole({ Effect: "Allow", Action: "kms:*", Resource: "*" });
    ofResource(KEY, { Effect: "Allow", Action: "kms:GetPublicKey", Resource: "*", Principal: { AWS: ROLE } });
    expect(outcome(ROLE, sign)).toBe("denied");
    expect(outcome(ROLE, { ...sign, action: "kms:GetPublicKey" })).toBe("allowed");
  });
});

test.each([
  [{ Statement: [{ Effect: "Allow", Action: "s3:*" }] }, /Resource/],
  [{ Statement: [{ Effect: "Allow", Action: "s3:*", NotAction: "s3:*", Resource: "*" }] }, /Action/],
  [{ Statement: [{ Effect: "Permit", Action: "s3:*", Resource: "*" }] }, /Effect/],
  [{ Statement: [{ ...allow, Principal: "*" }] }, /Principal/],
  [{ Statement: [{ ...allow, NotPrincipal: "*" }] }, /NotPrincipal/],
  [{ Statement: [{ ...allow, Condition: { StringSortOf: { a: "b" } } }] }, /StringSortOf/],
  [{ Statement: [{ ...allow, Resource: "arn:aws:s3:::$" + "{aws:username}/*" }] }, /variables/],
  [{}, /Statement/],
])("%j is refused as a role's policy", (document, reason) => {
  expect(() => store.putRole(ROLE, { policies: [document] })).toThrow(reason);
});

test.each([
  [{ Statement: [allow] }, /Principal/],
  [{ Statement: [{ ...allow, Principal: { AWS: "arn:aws:iam::*:role/x" } }] }, /named whole/],
  [{ Statement: [{ ...allow, Principal: { Federated: "x" } }] }, /Federated/],
])("%j is refused as a resource's policy", (document, reason) => {
  expect(() => store.putResourcePolicy(BUCKET, document)).toThrow(reason);
});

test("no set of other statements outweighs a Deny that applies", () => {
  const statement = fc.record({
    Effect: fc.constantFrom("Allow", "Deny"),
    Action: fc.constantFrom("*", "s3:*", "s3:PutObject", "sqs:*"),
    Resource: fc.constantFrom("*", `${BUCKET}/*`, OBJECT, QUEUE),
  });
  fc.assert(
    fc.property(fc.array(statement), fc.nat(), (statements, at) => {
      ofRole(
        ...statements.slice(0, at % (statements.length + 1)),
        deny,
        ...statements.slice(at % (statements.length + 1)),
      );
      ofResource(BUCKET, ...statements.map((one) => ({ ...one, Effect: "Allow", Principal: "*" })));
      expect(outcome(ROLE, put)).toBe("denied");
    }),
  );
});
