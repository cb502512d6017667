/** The access policies beside this function's bundle, ready to decide. */
import { accessEntities } from "../lib/core/access/access-entities.ts";
import { createDecider } from "../lib/core/access/decide-access.ts";
import { type AccessControl, accessControl } from "../lib/core/access/judge-access.ts";
import type { GrantsAround } from "../lib/core/grants/recent-grants.ts";
import type { Settings } from "../lib/core/settings.ts";

export function accessOf({ configuration, access }: Settings, grantsAround?: GrantsAround): AccessControl {
  const load = async () => {
    // Cedar's WebAssembly takes longer to start than the rest of a function.
    const { cedarEngine } = await import("../lib/adapters/cedar-engine.ts");
    return createDecider(access.policies, cedarEngine(access, accessEntities(configuration)));
  };
  return accessControl(configuration, load, access.policies, grantsAround);
}
