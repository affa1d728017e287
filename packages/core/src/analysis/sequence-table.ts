const FIRST_SIZE = 1024;

/**
 * Gives equal sequences of 32-bit numbers one index, in the order they first come. All sequences lie in one typed
 * array: a heap has millions of objects and knows a few hundred orders of property names.
 */
export class SequenceTable {
  #values = new Uint32Array(4 * FIRST_SIZE);
  #end = new Uint32Array(FIRST_SIZE); // index -> where in `values` the sequence ends; it starts where the one before ends
  #hash = new Uint32Array(FIRST_SIZE); // index -> hash of the sequence
  #slots = new Uint32Array(2 * FIRST_SIZE); // open addressing: hash -> index + 1, or 0
  #count = 0;

  /** How many different sequences there are. */
  get count(): number {
    return this.#count;
  }

  /** Index of the sequence of `values` from `start` on. */
  intern(values: readonly number[], start = 0): number {
    let hash = 0x9e3779b9;
    for (let i = start; i < values.length; i++) {
      hash = Math.imul(hash ^ values[i]!, 0x85ebca6b);
      hash ^= hash >>> 15;
    }
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35) >>> 0;
    const mask = this.#slots.length - 1;
    let slot = hash & mask;
    for (let found = this.#slots[slot]!; found !== 0; found = this.#slots[slot]!) {
      if (this.#hash[found - 1] === hash && this.#equals(found - 1, values, start)) return found - 1;
      slot = (slot + 1) & mask;
    }
    this.#slots[slot] = this.#count + 1;
    return this.#add(values, start, hash);
  }

  /** All sequences, one behind the other: sequence `i` is `property[firstProperty[i]]` up to `firstProperty[i + 1]`. */
  columns(): { readonly firstProperty: Uint32Array; readonly property: Uint32Array } {
    const firstProperty = new Uint32Array(this.#count + 1);
    firstProperty.set(this.#end.subarray(0, this.#count), 1);
    return { firstProperty, property: this.#values.slice(0, firstProperty[this.#count]) };
  }

  #start(index: number): number {
    return index === 0 ? 0 : this.#end[index - 1]!;
  }

  #equals(index: number, values: readonly number[], start: number): boolean {
    const at = this.#start(index);
    if (this.#end[index]! - at !== values.length - start) return false;
    for (let i = start; i < values.length; i++) if (this.#values[at + i - start] !== values[i]! >>> 0) return false;
    return true;
  }

  #add(values: readonly number[], start: number, hash: number): number {
    const index = this.#count++;
    let end = this.#start(index);
    this.#values = withRoom(this.#values, end + values.length - start);
    for (let i = start; i < values.length; i++) this.#values[end++] = values[i]!;
    this.#end = withRoom(this.#end, this.#count);
    this.#hash = withRoom(this.#hash, this.#count);
    this.#end[index] = end;
    this.#hash[index] = hash;
    if (2 * this.#count > this.#slots.length) this.#rehash();
    return index;
  }

  #rehash(): void {
    this.#slots = new Uint32Array(2 * this.#slots.length);
    const mask = this.#slots.length - 1;
    for (let index = 0; index < this.#count; index++) {
      let slot = this.#hash[index]! & mask;
      while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
      this.#slots[slot] = index + 1;
    }
  }
}

function withRoom(column: Uint32Array<ArrayBuffer>, length: number): Uint32Array<ArrayBuffer> {
  if (length <= column.length) return column;
  const larger = new Uint32Array(Math.max(length, 2 * column.length));
  larger.set(column);
  return larger;
}
