import { grainClassOf, type TickDay } from '#core/tick.ts'
import type { Code } from '#core/code.ts'
import type { Frame } from '#core/frame.ts'
import { toMilli } from '#core/milli.ts'
import type { TradeDate } from '#core/trade-date.ts'
import { bigFrom } from '#micro/flow-sums.ts'
import { LEVEL_TEST_PARAMS } from '#micro/level-band.ts'
import { levelTape } from '#micro/level-tape.ts'
import { breakValuePerMinute, LEVEL_SCORE_PARAMS, scoreLevelTest, type LevelTestScores } from '#micro/level-test-scores.ts'
import { findLevelTests, type LevelTest } from '#micro/level-tests.ts'
import { cny } from '#micro/measure.ts'
import { REACTION_SCALE_PARAMS } from '#micro/level-reaction.ts'
import { levelTick } from '#micro/price-levels.ts'
import type { PriceLevel } from '#micro/price-level.ts'
import { classifiedDay, quotedStocks } from './classified-day.ts'
import type { stockLevelMicrostructure } from './dws/stock_level_microstructure.ts'
import type { Engine } from './engine/engine.ts'
import { FrameBuilder } from './frame-builder.ts'
import { LevelFacts, type StockFacts } from './level-facts.ts'
import { paramSetId } from './param-set.ts'
import type { ComputeRequest } from './table.ts'
import { tickDays } from './tick-days.ts'
import { workSet } from './work-set.ts'

type Builder = FrameBuilder<(typeof stockLevelMicrostructure)['columns']>

/** Beyond the day's range by this much a level cannot have been met, even where the daily bar misses the extremes of the records by a tick or two. */
const MARGIN = 0.02

/**
 * `stock_level_microstructure`: the records of each stock that came near one of its levels, classified as everywhere, put to the state machine of `micro/level-tests.ts`.
 * Levels are those of the last calculation before the day, whatever has been calculated since.
 */
export async function* levelTestDays({ table, engine, dates, codes, scope, progress, signal }: ComputeRequest): AsyncIterable<Frame> {
  const options = signal === undefined ? {} : { signal }
  const id = paramSetId({ test: LEVEL_TEST_PARAMS, score: LEVEL_SCORE_PARAMS, reaction: REACTION_SCALE_PARAMS })
  const facts = await LevelFacts.read(engine, dates, codes, options)
  for (const [i, date] of dates.entries()) {
    const wanted = codes ?? (scope === 'pool' ? await workSet(engine, date) : undefined)
    const near = facts.stocksNearLevels(date, MARGIN, wanted)
    if (near.length > 0) {
      const quoted = await quotedStocks(engine, date, near)
      const builder: Builder = new FrameBuilder(table as typeof stockLevelMicrostructure)
      for await (const { day } of tickDays(engine, date, { ...options, codes: near })) {
        const own = facts.of(day.code, date, MARGIN)
        if (own !== undefined) await testStock(builder, engine, day, own, quoted, id)
      }
      if (builder.length > 0) yield builder.take()
    }
    progress(i + 1, dates.length, 'days')
  }
}

async function testStock(builder: Builder, engine: Engine, raw: TickDay, facts: StockFacts, quoted: ReadonlySet<string>, id: string): Promise<void> {
  const tape = levelTape(await classifiedDay(engine, raw, quoted))
  const threshold = bigFrom(facts.thresholdOf(grainClassOf(raw.grain)))
  const previousClose = Number.isNaN(facts.previousClose) ? undefined : toMilli(facts.previousClose)
  for (const level of facts.levels) {
    const { band, tests } = findLevelTests(tape, level, { previousClose, tick: levelTick(raw.code), bigFrom: threshold })
    for (const test of tests) {
      const scores = scoreLevelTest(test, {
        type: level.type,
        band: band.ratio,
        meanAmount: facts.meanAmount,
        reactionScale: facts.reactionScale,
        breakValuePerMinute: level.breakDate === undefined ? NaN : breakValuePerMinute(facts.amountOn(level.breakDate)),
      })
      pushTest(builder, { code: raw.code, date: raw.date, level, facts, test, scores, band: band.ratio, id })
    }
  }
}

interface Found {
  readonly code: Code
  readonly date: TradeDate
  readonly level: PriceLevel
  readonly facts: StockFacts
  readonly test: LevelTest
  readonly scores: LevelTestScores
  readonly band: number
  readonly id: string
}

function pushTest(builder: Builder, { code, date, level, facts, test, scores, band, id }: Found): void {
  const scoreOf = (kind: PriceLevel['type']) => (scores.kind === kind ? scores.score : NaN)
  builder.push({
    trade_date: date,
    ts_code: code,
    level_id: level.id,
    test_id: test.testId,
    level_calc_date: facts.levelsOf,
    level_price: level.price / 1000,
    level_type: level.type,
    strength: level.strength,
    band_pct: band,
    approach: test.approach,
    entry_kind: test.entryKind,
    exit_side: test.exitSide,
    t_entry: test.tEntry,
    t_exit: test.tExit,
    t_confirm: test.tConfirm,
    is_scored: test.isScored ? 1 : 0,
    n_prints: test.prints,
    resumed: test.resumed,
    dwell_s: test.dwellSeconds,
    spans_lunch: test.spansLunch ? 1 : 0,
    vol_total: test.volume,
    value_total: cny(test.amount),
    big_buy_value: cny(test.bigBuyAmount),
    big_sell_value: cny(test.bigSellAmount),
    big_net_value: cny(test.bigBuyAmount - test.bigSellAmount),
    big_net_ratio: test.bigNetRatio,
    order_flow_imbalance: test.orderFlowImbalance,
    max_penetration: test.maxPenetration,
    pen_up: test.penetrationUp,
    pen_down: test.penetrationDown,
    time_above_level_ratio: test.timeAbove,
    time_below_level_ratio: test.timeBelow,
    value_per_min: test.valuePerMinute,
    sell_absorbed_value: cny(test.sellAbsorbed),
    p_exit: test.exitPrice / 1000,
    future_return_30m: test.futureReturn30m,
    future_30m_known_at: test.future30mKnownAt,
    h30_truncated: test.h30Truncated ? 1 : 0,
    adv: facts.meanAmount,
    r_ref: facts.reactionScale,
    support_absorption_score_test: scoreOf('support'),
    resistance_sell_absorption_score_test: scoreOf('resistance'),
    flip_support_score_test: scoreOf('flip'),
    score_exante: scores.exante,
    score_quality: scores.quantity,
    param_set_id: id,
  })
}
