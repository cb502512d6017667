/** CloudFormation's functions, as its reference documents them. */
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: this is the syntax of Fn::Sub.
import { expect, test } from "vitest";
import { resolve } from "../../../lib/local/template/intrinsics.ts";
import { createScope } from "../../../lib/local/template/scope.ts";
import { parseTemplate } from "../../../lib/local/template/template.ts";

const template = parseTemplate(
  {
    Parameters: {
      Stage: { Type: "String", Default: "prod" },
      Zones: { Type: "CommaDelimitedList", Default: "a,b,c" },
      Needed: { Type: "String" },
      BootstrapVersion: { Type: "AWS::SSM::Parameter::Value<String>", Default: "/cdk-bootstrap/version" },
    },
    Mappings: { Sizes: { prod: { memory: 512 }, test: { memory: 128 } } },
    Conditions: {
      IsProd: { "Fn::Equals": [{ Ref: "Stage" }, "prod"] },
      IsTest: { "Fn::Not": [{ Condition: "IsProd" }] },
      Either: { "Fn::Or": [{ Condition: "IsTest" }, { "Fn::Equals": ["a", "a"] }] },
      Both: { "Fn::And": [{ Condition: "IsTest" }, { Condition: "IsProd" }] },
      Round: { "Fn::Not": [{ Condition: "About" }] },
      About: { "Fn::Not": [{ Condition: "Round" }] },
      Odd: { "Fn::Contains": [["a"], "a"] },
    },
    Resources: { Queue: { Type: "AWS::SQS::Queue" } },
  },
  "test.template.json",
);
const queue = { ref: "http://127.0.0.1/queue", attributes: { Arn: "arn:aws:sqs:eu-west-1:000000000000:queue" } };
const scope = createScope("Gatebook", template, new Map([["Queue", queue]]));

test.each<[string, unknown, unknown]>([
  ["Ref of a resource", { Ref: "Queue" }, queue.ref],
  ["Ref of a parameter", { Ref: "Stage" }, "prod"],
  ["Ref of a list parameter", { Ref: "Zones" }, ["a", "b", "c"]],
  ["Ref of a pseudo parameter", { Ref: "AWS::Partition" }, "aws"],
  ["Ref of the stack's name", { Ref: "AWS::StackName" }, "Gatebook"],
  ["GetAtt with a list", { "Fn::GetAtt": ["Queue", "Arn"] }, queue.attributes.Arn],
  ["GetAtt with a dot", { "Fn::GetAtt": "Queue.Arn" }, queue.attributes.Arn],
  ["Join", { "Fn::Join": [":", ["arn", { Ref: "AWS::Partition" }, 1]] }, "arn:aws:1"],
  ["Join of a split", { "Fn::Join": ["-", { "Fn::Split": ["/", "a/b"] }] }, "a-b"],
  ["Sub with names of the stack", { "Fn::Sub": "${Stage}/${Queue.Arn}" }, `prod/${queue.attributes.Arn}`],
  ["Sub with its own names", { "Fn::Sub": ["${x}-${Stage}", { x: { Ref: "AWS::Region" } }] }, "eu-west-1-prod"],
  ["Sub with a literal", { "Fn::Sub": "${!Stage} ${Stage}" }, "${Stage} prod"],
  ["Select", { "Fn::Select": ["1", { Ref: "Zones" }] }, "b"],
  ["Split", { "Fn::Split": ["|", "a|b"] }, ["a", "b"]],
  ["If that holds", { "Fn::If": ["IsProd", { Ref: "Stage" }, "no"] }, "prod"],
  ["If that does not hold", { "Fn::If": ["IsTest", "yes", "no"] }, "no"],
  ["If by Or", { "Fn::If": ["Either", "yes", "no"] }, "yes"],
  ["If by And", { "Fn::If": ["Both", "yes", "no"] }, "no"],
  ["FindInMap", { "Fn::FindInMap": ["Sizes", { Ref: "Stage" }, "memory"] }, 512],
  ["Base64", { "Fn::Base64": "abc" }, "YWJj"],
  ["NoValue as a member", { a: 1, b: { Ref: "AWS::NoValue" } }, { a: 1 }],
  ["NoValue in a list", [1, { "Fn::If": ["IsTest", 2, { Ref: "AWS::NoValue" }] }], [1]],
  ["an object that only looks like a function", { Ref: "Stage", other: 1 }, { Ref: "Stage", other: 1 }],
  ["an IAM condition, which is data", { Condition: { Bool: { a: false } } }, { Condition: { Bool: { a: false } } }],
])("%s", (_, value, expected) => {
  expect(resolve(value, scope)).toEqual(expected);
});

test.each<[string, unknown, string, RegExp]>([
  ["an unknown function", { "Fn::GetAZs": "" }, "NOT_SUPPORTED", /Fn::GetAZs/],
  ["an import", { "Fn::ImportValue": "other" }, "NOT_SUPPORTED", /Fn::ImportValue/],
  ["an unknown name", { Ref: "Nobody" }, "TEMPLATE_INVALID", /no Nobody/],
  ["a parameter without default", { Ref: "Needed" }, "TEMPLATE_INVALID", /Needed has no default/],
  ["a parameter in Systems Manager", { Ref: "BootstrapVersion" }, "NOT_SUPPORTED", /Systems Manager/],
  ["an attribute that is not there", { "Fn::GetAtt": ["Queue", "Depth"] }, "NOT_SUPPORTED", /AWS::SQS::Queue.*Depth/],
  ["an element that is not there", { "Fn::Select": [7, ["a"]] }, "TEMPLATE_INVALID", /no element 7/],
  ["a map entry that is not there", { "Fn::FindInMap": ["Sizes", "prod", "x"] }, "TEMPLATE_INVALID", /Sizes.prod.x/],
  ["a dynamic reference", "{{resolve:secretsmanager:x}}", "NOT_SUPPORTED", /resolve:secretsmanager/],
  ["conditions that go round in a circle", { "Fn::If": ["Round", 1, 2] }, "TEMPLATE_INVALID", /Round → About → Round/],
  ["an unknown condition function", { "Fn::If": ["Odd", 1, 2] }, "NOT_SUPPORTED", /Odd uses Fn::Contains/],
])("%s is an error that says so", (_, value, code, message) => {
  expect(() => resolve(value, scope)).toThrow(
    expect.objectContaining({ code, message: expect.stringMatching(message) }),
  );
});
