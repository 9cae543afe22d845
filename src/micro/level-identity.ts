import type { Code } from '#core/code.ts'
import type { LevelMember, PriceLevel } from './price-level.ts'

/** A level before it has a name: price in whole 厘, `tol` in CNY, members oldest first. */
export interface UnnamedLevel {
  readonly price: number
  readonly tol: number
  readonly members: readonly LevelMember[]
}

/** 16 hex digits for a text: two lanes of FNV-1a (Fowler, Noll & Vo, 32 bit) with different starts, so that a stock's levels do not collide by chance. */
export function textHash(text: string): string {
  let a = 0x811c9dc5
  let b = 0x9747b28c
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    a = Math.imul(a ^ unit, 0x01000193)
    b = Math.imul(b ^ (unit + 0x9e), 0x01000193)
    b ^= b >>> 15
  }
  return hex(a) + hex(b)
}

function hex(word: number): string {
  return (word >>> 0).toString(16).padStart(8, '0')
}

/**
 * 价位沿革: for each level the one of the previous calculation day it continues (spec microstructure §8): at most `tol` away and sharing a swing. The nearest pair is
 * matched first, ties by order; no level continues twice. `previous` must be in today's price basis.
 */
export function matchLevels(levels: readonly UnnamedLevel[], previous: readonly PriceLevel[]): readonly (PriceLevel | undefined)[] {
  const matched = Array.from<PriceLevel | undefined>({ length: levels.length })
  const pairs: { readonly at: number; readonly before: PriceLevel; readonly distance: number }[] = []
  for (const [at, level] of levels.entries())
    for (const before of previous) {
      const distance = Math.abs(level.price - before.price)
      if (distance <= level.tol * 1000 && shareSwing(level.members, before.members)) pairs.push({ at, before, distance })
    }
  const taken = new Set<PriceLevel>()
  for (const { at, before } of pairs.toSorted((p, q) => p.distance - q.distance)) {
    if (matched[at] !== undefined || taken.has(before)) continue
    matched[at] = before
    taken.add(before)
  }
  return matched
}

function shareSwing(left: readonly LevelMember[], right: readonly LevelMember[]): boolean {
  return left.some(({ date, side }) => right.some((other) => other.date === date && other.side === side))
}

/**
 * The id of every level: that of the level it continues, or a hash of code, date and side of its oldest swing. Where that swing already names another level
 * of the day (it moved on to a neighbour), the next swing does.
 */
export function nameLevels(code: Code, levels: readonly UnnamedLevel[], matched: readonly (PriceLevel | undefined)[]): readonly string[] {
  const used = new Set(matched.flatMap((before) => (before === undefined ? [] : [before.id])))
  return levels.map(({ members }, i) => {
    const inherited = matched[i]?.id
    if (inherited !== undefined) return inherited
    for (let turn = 0; ; turn++) {
      const { date, side } = members[turn % members.length]!
      const round = Math.floor(turn / members.length)
      const id = textHash(`${code}|${date}|${side}${round > 0 ? `|${round}` : ''}`)
      if (used.has(id)) continue
      used.add(id)
      return id
    }
  })
}
