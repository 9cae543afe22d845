/**
 * Numbers the distinct byte strings it is shown, in order of first appearance, and makes one JavaScript text for each. Open addressing over
 * the bytes themselves, so a repeated string costs a hash and a compare and no text.
 */
export class ByteDictionary {
  readonly values: string[] = []
  #slots = new Int32Array(64)
  #hashes: number[] = []
  #starts: number[] = [0]
  #arena = Buffer.allocUnsafe(1024)

  /** The number of the string at `bytes[start, end)`. */
  indexOf(bytes: Uint8Array, start: number, end: number): number {
    const hash = hashOf(bytes, start, end)
    const mask = this.#slots.length - 1
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const entry = this.#slots[slot]! - 1
      if (entry < 0) return this.#add(bytes, start, end, hash, slot)
      if (this.#hashes[entry] === hash && this.#same(entry, bytes, start, end)) return entry
    }
  }

  #same(entry: number, bytes: Uint8Array, start: number, end: number): boolean {
    const from = this.#starts[entry]!
    const length = this.#starts[entry + 1]! - from
    if (length !== end - start) return false
    for (let i = 0; i < length; i++) if (this.#arena[from + i] !== bytes[start + i]) return false
    return true
  }

  #add(bytes: Uint8Array, start: number, end: number, hash: number, slot: number): number {
    const from = this.#starts.at(-1)!
    const until = from + end - start
    if (until > this.#arena.length) {
      const grown = Buffer.allocUnsafe(Math.max(until, this.#arena.length * 2))
      grown.set(this.#arena)
      this.#arena = grown
    }
    this.#arena.set(bytes.subarray(start, end), from)
    this.#starts.push(until)
    this.#hashes.push(hash)
    const entry = this.values.push(this.#arena.toString('utf8', from, until)) - 1
    this.#slots[slot] = entry + 1
    if (this.values.length * 2 > this.#slots.length) this.#grow()
    return entry
  }

  #grow(): void {
    const slots = new Int32Array(this.#slots.length * 2)
    for (let entry = 0; entry < this.#hashes.length; entry++) {
      let slot = this.#hashes[entry]! & (slots.length - 1)
      while (slots[slot] !== 0) slot = (slot + 1) & (slots.length - 1)
      slots[slot] = entry + 1
    }
    this.#slots = slots
  }
}

/** FNV-1a, 32 bits, with a final mix because the table looks at the low bits. */
function hashOf(bytes: Uint8Array, start: number, end: number): number {
  let hash = 0x811c9dc5
  for (let i = start; i < end; i++) hash = Math.imul(hash ^ bytes[i]!, 0x01000193)
  return hash ^ (hash >>> 15)
}
