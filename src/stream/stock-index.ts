import type { Code } from '#core/code.ts'

/** Places in the arrays of the fast river: each stock keeps the one it was first given. */
export class StockIndex {
  readonly #places = new Map<Code, number>()
  readonly #codes: Code[] = []

  /** The place of a stock; a stock not met before gets the next one. */
  place(code: Code): number {
    const known = this.#places.get(code)
    if (known !== undefined) return known
    const place = this.#codes.push(code) - 1
    this.#places.set(code, place)
    return place
  }

  /** The place of a stock, without giving it one. */
  find(code: Code): number | undefined {
    return this.#places.get(code)
  }

  codeAt(place: number): Code {
    const code = this.#codes[place]
    if (code === undefined) throw new RangeError(`Cannot name place ${place}: ${this.#codes.length} stocks are known`)
    return code
  }

  get size(): number {
    return this.#codes.length
  }
}

/** The array with room for place `place`: itself, or a copy of at least twice the size filled up with `fill`. */
export function withRoom<Numbers extends Float64Array<ArrayBuffer> | Int32Array<ArrayBuffer> | Uint8Array<ArrayBuffer>>(
  numbers: Numbers,
  length: number,
  fill: number,
): Numbers {
  if (length <= numbers.length) return numbers
  const larger = new (numbers.constructor as new (length: number) => Numbers)(Math.max(length, numbers.length * 2)).fill(fill) as Numbers
  larger.set(numbers)
  return larger
}
