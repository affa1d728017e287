import type { Where } from "../parse/columns.js";
import type { Locations } from "../parse/raw-snapshot.js";
import { ColumnAside, type ColumnsGoingAside } from "./columns-aside.js";

/** Places in the source that lie in a file until they are asked for. */
export class LocationsAside implements Locations {
  readonly #columns: Readonly<Record<keyof Locations, ColumnAside<Uint32Array>>>;

  /**
   * @param going to the file; where that has no room they stay. The columns given may be empty afterwards.
   * @param where they lie when they are asked for
   */
  constructor(
    { node, scriptId, line, column }: Locations,
    file: number,
    going: ColumnsGoingAside,
    where: Where = "own",
  ) {
    going.put({ node, scriptId: unsigned(scriptId), line: unsigned(line), column: unsigned(column) });
    const aside = (name: keyof Locations): ColumnAside<Uint32Array> =>
      new ColumnAside(file, going.columns[name]!, where);
    this.#columns = { node: aside("node"), scriptId: aside("scriptId"), line: aside("line"), column: aside("column") };
  }

  get node(): Uint32Array {
    return this.#columns.node.rows;
  }

  get scriptId(): Int32Array {
    return signed(this.#columns.scriptId.rows);
  }

  get line(): Int32Array {
    return signed(this.#columns.line.rows);
  }

  get column(): Int32Array {
    return signed(this.#columns.column.rows);
  }

  /** Gives their memory back: whoever holds one of the columns holds an empty one then. */
  putBack(): void {
    for (const column of Object.values(this.#columns)) column.putBack();
  }
}

function unsigned({ buffer, byteOffset, length }: Int32Array): Uint32Array {
  return new Uint32Array(buffer, byteOffset, length);
}

function signed({ buffer, byteOffset, length }: Uint32Array): Int32Array {
  return new Int32Array(buffer, byteOffset, length);
}
