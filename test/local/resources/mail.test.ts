/** What would be mailed: to whom, and as what. */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { PublishCommand } from "@aws-sdk/client-sns";
import { expect, test, vi } from "vitest";
import { cloudOf, emptyDirectory } from "./cloud-of.ts";

const PATIENCE = { timeout: 20_000, interval: 50 };

test("what a topic mails is a file and a call, with a subject that cannot leave the folder", async () => {
  const { cloud, clients, mails, directory } = await cloudOf({
    Resources: {
      Topic: { Type: "AWS::SNS::Topic", Properties: { DisplayName: "Alerts" } },
      Mail: {
        Type: "AWS::SNS::Subscription",
        Properties: { TopicArn: { Ref: "Topic" }, Protocol: "email", Endpoint: "../on-call@acme.example" },
      },
    },
    Outputs: { Topic: { Value: { Ref: "Topic" } } },
  });
  const TopicArn = cloud.outputs["Topic"];
  await clients.sns.send(new PublishCommand({ TopicArn, Subject: "../../Alert", Message: "Who: ana\nWhat: deploy" }));
  await vi.waitFor(() => expect(mails).toHaveLength(1), PATIENCE);
  expect(mails[0]).toMatchObject({ to: "../on-call@acme.example", subject: "../../Alert", topic: TopicArn });
  const files = await readdir(join(directory, "mail"));
  expect(files).toHaveLength(1);
  const text = await readFile(join(directory, "mail", files[0] ?? ""), "utf8");
  expect(text).toMatch(
    /^To: ..\/on-call@acme.example\nSubject: ..\/..\/Alert\nDate: .+\nTopic: .+\n\nWho: ana\nWhat: deploy\n$/,
  );
});

test("an address that the template no longer has gets no more mail", async () => {
  const root = await emptyDirectory();
  const to = (Endpoint: string): object => ({
    Type: "AWS::SNS::Subscription",
    Properties: { TopicArn: { Ref: "Topic" }, Protocol: "email", Endpoint },
  });
  const Topic = { Type: "AWS::SNS::Topic" };
  const Outputs = { Topic: { Value: { Ref: "Topic" } } };
  const first = await cloudOf({ Resources: { Topic, Mail: to("ana@acme.example") }, Outputs }, root);
  await first.cloud.close();
  const { cloud, clients, mails } = await cloudOf({ Resources: { Topic, Mail: to("bo@acme.example") }, Outputs }, root);
  await clients.sns.send(new PublishCommand({ TopicArn: cloud.outputs["Topic"], Message: "hello" }));
  await vi.waitFor(() => expect(mails).toHaveLength(1), PATIENCE);
  await cloud.close();
  const back = await cloudOf({ Resources: { Topic, Mail: to("ana@acme.example") }, Outputs }, root);
  await back.clients.sns.send(new PublishCommand({ TopicArn: cloud.outputs["Topic"], Message: "again" }));
  await vi.waitFor(() => expect(back.mails).toHaveLength(1), PATIENCE);
  expect([mails[0]?.to, back.mails[0]?.to, back.mails[0]?.body]).toEqual([
    "bo@acme.example",
    "ana@acme.example",
    "again",
  ]);
});
