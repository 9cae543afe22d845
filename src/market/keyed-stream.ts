import { ln } from '#numeric/fmath.ts'
import { quickNormalQuantile } from '#numeric/quick-normal-quantile.ts'
import { sha256 } from '#numeric/sha256.ts'

/** What a stream of chance is for (spec simulator §2.2): streams of different purposes never share a draw. */
export type Domain =
  | 'world'
  | 'calendar'
  | 'regime'
  | 'vol'
  | 'factor'
  | 'path'
  | 'volume'
  | 'event'
  | 'action'
  | 'fin'
  | 'flow'
  | 'margin'
  | 'tick'
  | 'book'
  | 'truth'
  | 'fault'

/** The four words a stream is keyed by: the first 16 bytes of SHA-256 over its name (spec simulator §2.2). */
export function keyWords(seed: number, domain: Domain, entity: string): Uint32Array {
  return sha256(`fupan-sim:1|${seed}|${domain}|${entity}`).subarray(0, 4)
}

/**
 * 随机流: chance for one purpose and one entity (a code, a sector, `MKT`), begun anew at every epoch (a trade date, a year, a quarter).
 * What is drawn depends on the seed, the purpose, the entity and the epoch only, so any stock-day can be drawn alone and a larger world contains
 * the smaller. Generator sfc32 (PractRand), four 32-bit words of state.
 */
export class Stream {
  readonly #key: Uint32Array
  #a = 0
  #b = 0
  #c = 0
  #d = 0

  constructor(seed: number, domain: Domain, entity = '', epoch = 0) {
    this.#key = keyWords(seed, domain, entity)
    this.at(epoch)
  }

  /** Begin the epoch: its first draw is next, whatever was drawn before. Returns the stream itself. */
  at(epoch: number): this {
    const base = Math.imul(epoch, 0x9e3779b1)
    const step = 0x7f4a7c15
    this.#a = mixed(this.#key[0]! ^ base)
    this.#b = mixed(this.#key[1]! ^ (base + step))
    this.#c = mixed(this.#key[2]! ^ (base + 2 * step))
    this.#d = mixed(this.#key[3]! ^ (base + 3 * step))
    for (let i = 0; i < 12; i++) this.bits()
    return this
  }

  /** 32 random bits as a signed whole number. */
  bits(): number {
    const b = this.#b
    const c = this.#c
    const t = (this.#a + b + this.#d) | 0
    this.#d = (this.#d + 1) | 0
    this.#a = b ^ (b >>> 9)
    this.#b = (c + (c << 3)) | 0
    this.#c = (((c << 21) | (c >>> 11)) + t) | 0
    return t
  }

  /** Uniform in the open interval (0, 1). */
  next(): number {
    return ((this.bits() >>> 0) + 0.5) * 2.3283064365386963e-10
  }

  /** Standard normal: one draw, by inversion. */
  normal(): number {
    return quickNormalQuantile(this.next())
  }

  /** Uniform whole number in [low, high], both included. */
  integer(low: number, high: number): number {
    return low + Math.floor(this.next() * (high - low + 1))
  }

  /** Exponential with mean 1. */
  exponential(): number {
    return -ln(this.next())
  }

  /** Student t with 4 degrees of freedom, scaled to unit variance: overnight news (spec simulator §4.2). */
  heavyTailed(): number {
    const z = this.normal()
    // A chi-square of 4 degrees of freedom is −2 ln of a product of two uniforms.
    return z / Math.sqrt(this.exponential() + this.exponential())
  }
}

/** Finaliser of murmur3: every bit of the result depends on every bit of the argument. */
function mixed(word: number): number {
  let h = word
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return h ^ (h >>> 16)
}
