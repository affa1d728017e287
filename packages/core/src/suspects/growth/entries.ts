/** How many entries a container holds, and what to call them. */
export interface Entries {
  readonly count: number;
  readonly word:
    | "elements"
    | "element slots"
    | "entries"
    | "entry slots"
    | "properties"
    | "property slots"
    | "reactions"
    | "registrations"
    | "timers"
    | "listeners"
    | "observers"
    | "callbacks"
    | "rules"
    | "objects";
}
