/**
 * Which of `size` price levels hold an order: a bit per level and a bit per word of 32 levels, so that the next level on either side is found
 * in a few word reads however far away it is.
 */
export class OccupiedPrices {
  readonly #size: number
  readonly #bits: Int32Array
  readonly #words: Int32Array

  constructor(size: number) {
    this.#size = size
    this.#bits = new Int32Array((size >>> 5) + 1)
    this.#words = new Int32Array((this.#bits.length >>> 5) + 1)
  }

  add(level: number): void {
    const word = level >>> 5
    this.#bits[word]! |= 1 << (level & 31)
    this.#words[word >>> 5]! |= 1 << (word & 31)
  }

  remove(level: number): void {
    const word = level >>> 5
    const rest = this.#bits[word]! & ~(1 << (level & 31))
    this.#bits[word] = rest
    if (rest === 0) this.#words[word >>> 5]! &= ~(1 << (word & 31))
  }

  /** The lowest occupied level at or above `level`; `size` when there is none. */
  atOrAbove(level: number): number {
    if (level >= this.#size) return this.#size
    const word = level >>> 5
    const here = this.#bits[word]! & (-1 << (level & 31))
    if (here !== 0) return (word << 5) + lowestBit(here)
    const next = word + 1
    let group = next >>> 5
    if (group >= this.#words.length) return this.#size
    let words = this.#words[group]! & (-1 << (next & 31))
    while (words === 0) {
      if (++group === this.#words.length) return this.#size
      words = this.#words[group]!
    }
    const found = (group << 5) + lowestBit(words)
    return (found << 5) + lowestBit(this.#bits[found]!)
  }

  /** The highest occupied level at or below `level`; -1 when there is none. */
  atOrBelow(level: number): number {
    if (level < 0) return -1
    const word = level >>> 5
    const here = this.#bits[word]! & (-1 >>> (31 - (level & 31)))
    if (here !== 0) return (word << 5) + 31 - Math.clz32(here)
    const next = word - 1
    if (next < 0) return -1
    let group = next >>> 5
    let words = this.#words[group]! & (-1 >>> (31 - (next & 31)))
    while (words === 0) {
      if (--group < 0) return -1
      words = this.#words[group]!
    }
    const found = (group << 5) + 31 - Math.clz32(words)
    return (found << 5) + 31 - Math.clz32(this.#bits[found]!)
  }
}

function lowestBit(word: number): number {
  return 31 - Math.clz32(word & -word)
}
