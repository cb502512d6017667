/** AWS::IAM::Role, ::Policy and ::ManagedPolicy: who may do what, in the policy store. */
import * as z from "zod";
import { LOCAL_ACCOUNT } from "../aws-service.ts";
import { physicalName } from "./physical-name.ts";
import { Document, resourceType } from "./resource-type.ts";

const MAX_NAME = 64;

export const role = resourceType({
  properties: z.object({
    RoleName: z.string().optional(),
    Path: z.string().default("/"),
    AssumeRolePolicyDocument: Document,
    Policies: z.array(z.object({ PolicyName: z.string(), PolicyDocument: Document })).default([]),
    ManagedPolicyArns: z.array(z.string()).default([]),
  }),
  withoutMeaning: ["Description", "MaxSessionDuration"],
  make(properties, { stackName, logicalId }, { roles }) {
    const name = properties.RoleName ?? physicalName(stackName, logicalId, MAX_NAME);
    const arn = roles.create(name, properties.Path, properties.AssumeRolePolicyDocument);
    for (const { PolicyDocument } of properties.Policies) roles.attach(name, PolicyDocument);
    for (const policyArn of properties.ManagedPolicyArns) roles.attachManaged(name, policyArn);
    return { ref: name, attributes: { Arn: arn, RoleId: `AROA${logicalId.toUpperCase().slice(0, 17)}` } };
  },
});

export const policy = resourceType({
  properties: z.object({ PolicyName: z.string(), PolicyDocument: Document, Roles: z.array(z.string()).default([]) }),
  make(properties, { logicalId }, { roles }) {
    for (const name of properties.Roles) roles.attach(name, properties.PolicyDocument);
    return { ref: logicalId, attributes: { Id: logicalId } };
  },
});

export const managedPolicy = resourceType({
  properties: z.object({
    ManagedPolicyName: z.string().optional(),
    Path: z.string().default("/"),
    PolicyDocument: Document,
    Roles: z.array(z.string()).default([]),
  }),
  withoutMeaning: ["Description"],
  make(properties, { stackName, logicalId }, { roles }) {
    const name = properties.ManagedPolicyName ?? physicalName(stackName, logicalId, MAX_NAME);
    const arn = `arn:aws:iam::${LOCAL_ACCOUNT}:policy${properties.Path}${name}`;
    roles.putManaged(arn, properties.PolicyDocument);
    for (const roleName of properties.Roles) roles.attachManaged(roleName, arn);
    return { ref: arn, attributes: { PolicyArn: arn } };
  },
});
