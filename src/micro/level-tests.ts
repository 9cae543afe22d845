import { levelBand, LEVEL_TEST_PARAMS, type LevelBand, type LevelTestParams } from './level-band.ts'
import { levelReaction } from './level-reaction.ts'
import { afternoonOf, type LevelTape } from './level-tape.ts'
import { levelTestFlow, type LevelTestFlow } from './level-test-flow.ts'
import { levelTestPath, type LevelTestPath } from './level-test-path.ts'
import { findVisits, type BandSide, type EntryKind, type ExitSide, type Visit } from './level-visits.ts'
import type { PriceLevel } from './price-level.ts'

/** 价位测试: one row of `stock_level_microstructure` (spec microstructure §9.2). Amounts in whole 厘, times in epoch ms, fractions; NaN = null. */
export interface LevelTest extends LevelTestFlow, LevelTestPath {
  /** From 1 in the order of entry. */
  readonly testId: number
  /** Undefined without a previous close. */
  readonly approach: BandSide | undefined
  readonly entryKind: EntryKind
  readonly exitSide: ExitSide
  readonly tEntry: number
  /** First print outside, and the print that confirmed it; NaN while the test is open. */
  readonly tExit: number
  readonly tConfirm: number
  /** 厘 of the day's basis; NaN while the test is open. */
  readonly exitPrice: number
  readonly resumed: number
  /** k: tests of the level today up to this one, resumptions counted. */
  readonly attempts: number
  readonly isScored: boolean
  readonly spansLunch: boolean
  /** Down for support and flip, up for resistance. */
  readonly maxPenetration: number
  /** CNY per minute of dwell. */
  readonly valuePerMinute: number
  /** 厘: active sells in the band that a level approached from above outlasted; NaN for other tests. */
  readonly sellAbsorbed: number
  readonly futureReturn30m: number
  readonly future30mKnownAt: number
  readonly h30Truncated: boolean
}

/** What the tests of one level on one day need besides the tape. */
export interface LevelTestOptions {
  /** Whole 厘 in the day's basis (after ex-rights); undefined when not known. */
  readonly previousClose: number | undefined
  /** 厘. */
  readonly tick: number
  /** Big-trade threshold of the day in whole 厘 (`bigFrom`); NaN when not known, Infinity makes no trade big. */
  readonly bigFrom: number
  /** ATR ÷ close of the calculation day; only `bandMode` auto reads it. */
  readonly atrPct?: number
  readonly params?: LevelTestParams
}

/** The tests of one level on one day. */
export interface LevelTests {
  readonly band: LevelBand
  /** n_cross: jumps over the band without a print in it. */
  readonly crossings: number
  readonly tests: readonly LevelTest[]
}

/**
 * 价位测试 of one level on one day (spec microstructure §9). `level.price` is whole 厘 in the day's basis (`rebaseLevel`), `level.type` chooses the side of the penetration.
 * No ticks, or none near the level: no tests. A test still open when an incomplete tape ends has exitSide `open`, no exit and no score.
 */
export function findLevelTests(tape: LevelTape, level: Pick<PriceLevel, 'price' | 'type'>, options: LevelTestOptions): LevelTests {
  const params = options.params ?? LEVEL_TEST_PARAMS
  const band = levelBand(level.price, options.tick, params, options.atrPct)
  const { visits, crossings } = findVisits(tape, band, options.previousClose, params)
  let attempts = 0
  const tests = visits.map((visit, i) => {
    attempts += 1 + visit.resumed
    return describeTest(tape, level.type, band, visit, options.bigFrom, params, i + 1, attempts)
  })
  return { band, crossings, tests }
}

function describeTest(
  tape: LevelTape,
  type: PriceLevel['type'],
  band: LevelBand,
  visit: Visit,
  bigFrom: number,
  params: LevelTestParams,
  testId: number,
  attempts: number,
): LevelTest {
  const { at, price, fullClock } = tape
  const flow = levelTestFlow(tape, visit, band, bigFrom)
  const path = levelTestPath(tape, visit, band)
  const reaction = levelReaction(tape, visit, params)
  const isOpen = visit.exitSide === 'open'
  const isRegular = visit.entryKind === 'normal' || visit.entryKind === 'gap'
  const afternoon = afternoonOf(tape)
  const held = visit.approach === 'above' && visit.exitSide !== 'below' && !isOpen
  return {
    ...flow,
    ...path,
    testId,
    approach: visit.approach,
    entryKind: visit.entryKind,
    exitSide: visit.exitSide,
    tEntry: at[visit.entry]!,
    tExit: isOpen ? NaN : at[visit.exit]!,
    tConfirm: isOpen ? NaN : at[visit.confirm]!,
    exitPrice: isOpen ? NaN : price[visit.exit]!,
    resumed: visit.resumed,
    attempts,
    isScored: !isOpen && isRegular && flow.prints >= params.minPrints && path.dwellSeconds * 1000 <= params.maxDwell * fullClock,
    spansLunch: at[visit.entry]! < afternoon && at[visit.exit]! >= afternoon,
    maxPenetration: type === 'resistance' ? path.penetrationUp : path.penetrationDown,
    valuePerMinute: path.dwellSeconds > 0 ? flow.amount / 1000 / (path.dwellSeconds / 60) : NaN,
    sellAbsorbed: held ? flow.sellAmount : NaN,
    futureReturn30m: reaction.value,
    future30mKnownAt: reaction.knownAt,
    h30Truncated: reaction.isTruncated,
  }
}
