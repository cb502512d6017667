/** dynalite comes without types (https://github.com/architect/dynalite). */
declare module "dynalite" {
  import type { Server } from "node:http";

  function dynalite(options: {
    /** Folder of the LevelDB store. */
    readonly path: string;
    /** How long a new table stays in CREATING. */
    readonly createTableMs?: number;
  }): Server;
  export = dynalite;
}
