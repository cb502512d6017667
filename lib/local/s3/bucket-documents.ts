/** Sub-resources of a bucket that are kept and given back as the document that was put, once it has been understood. */
import type { BucketState, DocumentName } from "./bucket-state.ts";
import { parseEncryption, USUAL_ENCRYPTION } from "./encryption.ts";
import { parseLifecycle } from "./lifecycle-rules.ts";
import { NO_NOTIFICATIONS, parseNotification } from "./notification.ts";
import { emptyReply, type Operation } from "./operation.ts";
import { type S3ErrorCode, s3Error } from "./s3-error.ts";
import { allowOnly, childOf, parseXml, textOf } from "./xml-parse.ts";
import { renderXml, type XmlMembers } from "./xml-render.ts";

interface DocumentKind {
  /** Throws where the document is not understood. */
  readonly check: (document: Buffer) => unknown;
  /** Where there is none: what S3 does then, or the error that it answers with. */
  readonly absent: { readonly document: string } | { readonly error: S3ErrorCode };
}

const MAX_POLICY_BYTES = 20 * 1024;
const BLOCKS = ["BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"];
const OWNERSHIPS = ["BucketOwnerEnforced", "BucketOwnerPreferred", "ObjectWriter"];

const KINDS: Readonly<Record<DocumentName, DocumentKind>> = {
  policy: { check: checkPolicy, absent: { error: "NoSuchBucketPolicy" } },
  encryption: { check: parseEncryption, absent: { document: USUAL_ENCRYPTION } },
  publicAccessBlock: { check: checkPublicAccessBlock, absent: { error: "NoSuchPublicAccessBlockConfiguration" } },
  ownershipControls: { check: checkOwnership, absent: { error: "OwnershipControlsNotFoundError" } },
  lifecycle: { check: parseLifecycle, absent: { error: "NoSuchLifecycleConfiguration" } },
  notification: { check: parseNotification, absent: { document: NO_NOTIFICATIONS } },
};

/** What S3 gives to every new bucket since 2023. */
export const DOCUMENTS_OF_A_NEW_BUCKET: BucketState["documents"] = {
  publicAccessBlock: document("PublicAccessBlockConfiguration", Object.fromEntries(BLOCKS.map((name) => [name, true]))),
  ownershipControls: document("OwnershipControls", { Rule: { ObjectOwnership: "BucketOwnerEnforced" } }),
};

export function putDocument(name: DocumentName): Operation {
  return async ({ store }, call) => {
    const bucket = store.bucket(call.bucket);
    KINDS[name].check(call.body);
    await bucket.turns.take("", async () => {
      await bucket.changeState({ documents: { ...bucket.state.documents, [name]: call.body.toString("utf8") } });
    });
    return emptyReply(name === "policy" ? 204 : 200);
  };
}

export function getDocument(name: DocumentName): Operation {
  return async ({ store }, call) => {
    const { absent } = KINDS[name];
    const kept =
      store.bucket(call.bucket).state.documents[name] ?? ("document" in absent ? absent.document : undefined);
    if (kept === undefined) {
      throw s3Error("error" in absent ? absent.error : "InternalError");
    }
    return {
      status: 200,
      headers: { "content-type": name === "policy" ? "application/json" : "application/xml" },
      body: kept,
    };
  };
}

export function deleteDocument(name: DocumentName): Operation {
  return async ({ store }, call) => {
    const bucket = store.bucket(call.bucket);
    await bucket.turns.take("", async () => {
      const { [name]: _, ...documents } = bucket.state.documents;
      await bucket.changeState({ documents });
    });
    return emptyReply(204);
  };
}

/** The document for CreateBucket's x-amz-object-ownership. */
export function ownershipDocument(ownership: string | undefined): string | undefined {
  if (ownership === undefined) {
    return undefined;
  }
  if (!OWNERSHIPS.includes(ownership)) {
    throw s3Error("InvalidArgument", `Invalid x-amz-object-ownership header: ${ownership}`);
  }
  return document("OwnershipControls", { Rule: { ObjectOwnership: ownership } });
}

function checkPolicy(body: Buffer): void {
  if (body.length > MAX_POLICY_BYTES) {
    throw s3Error("MalformedPolicy", `Policies are at most ${MAX_POLICY_BYTES} bytes`);
  }
  let policy: unknown;
  try {
    policy = JSON.parse(body.toString("utf8"));
  } catch {
    throw s3Error("MalformedPolicy");
  }
  if (typeof policy !== "object" || policy === null || !("Statement" in policy)) {
    throw s3Error("MalformedPolicy", "Missing required field Statement");
  }
}

function checkPublicAccessBlock(body: Buffer): void {
  const root = parseXml(body, "PublicAccessBlockConfiguration");
  allowOnly(root, BLOCKS);
  if (root.children.some(({ text }) => text !== "true" && text !== "false")) {
    throw s3Error("MalformedXML");
  }
}

function checkOwnership(body: Buffer): void {
  const root = parseXml(body, "OwnershipControls");
  allowOnly(root, ["Rule"]);
  if (!OWNERSHIPS.includes(textOf(childOf(root, "Rule"), "ObjectOwnership") ?? "")) {
    throw s3Error("MalformedXML");
  }
}

function document(root: string, members: XmlMembers): string {
  return renderXml({ [root]: members });
}
