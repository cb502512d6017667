/** Something wrong in gatebook.yml, by the path of its key. */
export interface Problem {
  readonly path: readonly PropertyKey[];
  readonly message: string;
  /** The key itself is wrong, not its value. */
  readonly isKey?: boolean;
}
