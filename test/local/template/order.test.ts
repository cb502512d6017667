/** The order in which resources are made, and templates that have none. */
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: this is the syntax of Fn::Sub.
import fc from "fast-check";
import { expect, test } from "vitest";
import { inOrderOfDependency } from "../../../lib/local/template/order.ts";
import { parseTemplate } from "../../../lib/local/template/template.ts";

function ordered(resources: Record<string, unknown>): readonly string[] {
  return inOrderOfDependency(parseTemplate({ Resources: resources }, "test.template.json"));
}

test("what is referred to in any way comes first", () => {
  const Type = "AWS::SQS::Queue";
  const order = ordered({
    A: { Type, Properties: { x: [{ y: { Ref: "B" } }] } },
    B: { Type, Properties: { x: { "Fn::GetAtt": ["C", "Arn"] } } },
    C: { Type, Properties: { x: { "Fn::Sub": "${D.Arn}-${!E}" } } },
    D: { Type, DependsOn: "E" },
    E: { Type, DependsOn: ["F"], Properties: { x: { "Fn::GetAtt": "G.Arn" } } },
    F: { Type },
    G: { Type, Properties: { x: { Ref: "AWS::Region" } } },
  });
  expect(order).toEqual(["F", "G", "E", "D", "C", "B", "A"]);
});

test("any template without a circle is put in order", () => {
  const links = fc.array(fc.tuple(fc.nat(19), fc.nat(19)), { maxLength: 60 });
  fc.assert(
    fc.property(links, (pairs) => {
      const resources: Record<string, { Type: string; DependsOn: string[] }> = {};
      for (let id = 0; id < 20; id += 1) resources[`R${id}`] = { Type: "T", DependsOn: [] };
      for (const [a, b] of pairs) if (a !== b) resources[`R${Math.max(a, b)}`]?.DependsOn.push(`R${Math.min(a, b)}`);
      const order = ordered(resources);
      expect(order).toHaveLength(20);
      for (const [id, { DependsOn }] of Object.entries(resources)) {
        for (const needed of DependsOn) expect(order.indexOf(needed)).toBeLessThan(order.indexOf(id));
      }
    }),
  );
});

test("a circle is named", () => {
  const resources = { A: { Type: "T", DependsOn: "B" }, B: { Type: "T", Properties: { x: { Ref: "A" } } } };
  expect(() => ordered(resources)).toThrow("A → B → A");
});

test("a dependency on nothing is named", () => {
  expect(() => ordered({ A: { Type: "T", DependsOn: "Ghost" } })).toThrow("A depends on Ghost");
});

test("what is no template is refused", () => {
  expect(() => parseTemplate({ Resources: [] }, "x.template.json")).toThrow("x.template.json is not a template");
  expect(() => parseTemplate({ Resources: {}, Transform: "AWS::Serverless" }, "x")).toThrow("Transform");
});
