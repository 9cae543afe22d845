import type { Code } from '#core/code.ts'
import type { FeatureSnapshot } from '#core/feature-snapshot.ts'
import { SEGMENT, segmentsOf, sessionRulesOn, sessionSeconds } from '#core/session.ts'
import { clockTime, instantOf } from '#core/shanghai-time.ts'
import type { Tick, TickDay } from '#core/tick.ts'
import type { TradeDate } from '#core/trade-date.ts'
import { classifySides } from '#micro/classify-sides.ts'
import { bigFrom, flowSums } from '#micro/flow-sums.ts'
import { foldFlows } from '#micro/fold-flows.ts'
import { measures, type MeasureName } from '#micro/measures/index.ts'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { bucketOf, profileBaseline, type Baseline } from './baseline.ts'
import { FeatureBoard } from './feature-board.ts'

const code = '300027.SZ' as Code
const date = 20180115 as TradeDate
const rules = sessionRulesOn(date, 'SZ', 'chinext')
const baseline: Baseline = profileBaseline({ adv20: 1e8, atrPct: 0.03, prevClose: 9.24, limitUp: 10.16, limitDown: 8.32 })

function tickAt(clock: string | number, price: number, volume: number, more: Partial<Tick> = {}): Tick {
  const at = instantOf(date, typeof clock === 'string' ? clockTime(clock) : clock)
  return {
    code,
    date,
    at,
    seenAt: at,
    seq: 0,
    grain: 'AGG3S',
    price,
    volume,
    amount: price * volume,
    amountEstimated: false,
    vendorSide: NaN,
    tradeCount: NaN,
    bid1: NaN,
    ask1: NaN,
    ...more,
  }
}

function dayOf(ticks: readonly Tick[]): TickDay {
  const column = (name: keyof Tick) => Float64Array.from(ticks, (tick) => tick[name] as number)
  return {
    code,
    date,
    grain: ticks[0]?.grain ?? 'AGG3S',
    length: ticks.length,
    at: column('at'),
    price: Int32Array.from(ticks, ({ price }) => price),
    volume: column('volume'),
    amount: column('amount'),
    amountEstimated: Uint8Array.from(ticks, ({ amountEstimated }) => (amountEstimated ? 1 : 0)),
    vendorSide: column('vendorSide'),
    tradeCount: column('tradeCount'),
    bid1: column('bid1'),
    ask1: column('ask1'),
  }
}

/** The slow truth: after tick `i`, fold the day and the window afresh from the whole list. */
function slowFeatures(ticks: readonly Tick[], i: number) {
  const day = dayOf(ticks)
  const times = day.at.map((at) => at - instantOf(date, 0))
  const segments = segmentsOf(times, rules)
  const classified = { day, segments, sides: classifySides(day, segments) }
  const sigma = Array.from(times, (time) => sessionSeconds(time, rules))
  const threshold = bigFrom(baseline.bigTradeThreshold)
  const whole = foldFlows(flowSums(), classified, { from: 0, to: i + 1 }, threshold)
  const window = flowSums()
  const isPriced = (j: number) => [SEGMENT.AM, SEGMENT.PM, SEGMENT.OPEN_PRINT, SEGMENT.CLOSE_PRINT].includes(segments[j] as 4)
  for (let j = 0; j <= i; j++)
    if ((segments[j] === SEGMENT.AM || segments[j] === SEGMENT.PM) && sigma[j]! > sigma[i]! - 300)
      foldFlows(window, classified, { from: j, to: j + 1 }, threshold)
  const read = (sums: Float64Array, name: MeasureName) => measures.find((measure) => measure.name === name)!.value(sums, 0)
  const past = (seconds: number) => {
    if (sigma[i]! < seconds) return NaN
    let found = NaN
    for (let j = 0; j <= i; j++) if (isPriced(j) && sigma[j]! <= sigma[i]! - seconds) found = day.price[j]!
    return found
  }
  const prices = ticks
    .slice(0, i + 1)
    .filter((_, j) => isPriced(j))
    .map(({ price }) => price / 1000)
  const bucket = bucketOf(sigma[i]!)
  return {
    last: prices.at(-1),
    high: Math.max(...prices),
    low: Math.min(...prices),
    vwap_day: read(whole, 'vwap'),
    cum_volume: read(whole, 'total_volume'),
    cum_amount: read(whole, 'total_value'),
    order_flow_imbalance_day: read(whole, 'order_flow_imbalance'),
    big_net_day: read(whole, 'big_net_value'),
    r_1m: Math.log(day.price[i]! / past(60)),
    r_3m: Math.log(day.price[i]! / past(180)),
    r_5m: Math.log(day.price[i]! / past(300)),
    amount_5m: read(window, 'total_value'),
    net_5m: read(window, 'active_net_value'),
    net_ratio_5m: read(window, 'order_flow_imbalance'),
    net_z5m: (read(window, 'order_flow_imbalance') - baseline.netRatioMean[bucket]!) / baseline.netRatioSigma[bucket]!,
    big_buy_5m: read(window, 'big_buy_value'),
    big_sell_5m: read(window, 'big_sell_value'),
    big_net_5m: read(window, 'big_net_value'),
    big_density_5m: read(window, 'big_density'),
    bd_ratio: read(window, 'big_density') / baseline.bigDensityMean[bucket]!,
  }
}

const OPEN = clockTime('09:25:03')

/** A day of one stock: gaps from nothing to minutes, over lunch and the close, prices around 9 yuan, sizes from odd lots to blocks. */
const anyDay = fc
  .record({
    grain: fc.constantFrom('AGG3S' as const, 'TBT' as const),
    // A busy stock has hundreds of ticks in a window and makes the ring grow.
    pace: fc.constantFrom(1, 20),
    steps: fc.array(
      fc.record({
        gap: fc.oneof({ weight: 8, arbitrary: fc.integer({ min: 0, max: 9000 }) }, { weight: 1, arbitrary: fc.integer({ min: 60_000, max: 4_000_000 }) }),
        price: fc.integer({ min: 890, max: 940 }).map((cents) => cents * 10),
        lots: fc.oneof(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 200, max: 2000 })),
        slip: fc.integer({ min: -3000, max: 3000 }),
        side: fc.constantFrom(1, -1, 0, NaN),
        quote: fc.constantFrom(undefined, [-10, 0], [0, 10], [-20, 20]),
      }),
      { minLength: 1, maxLength: 250, size: 'max' },
    ),
  })
  .map(({ grain, pace, steps }) => {
    let time = OPEN
    return steps.map(({ gap, price, lots, slip, side, quote }, seq) => {
      time += seq === 0 ? 0 : seq === 1 ? 290_000 + gap : Math.round(gap / pace)
      const volume = lots * 100
      const quotes = quote === undefined ? {} : { bid1: price + quote[0], ask1: price + quote[1] }
      return tickAt(time, price, volume, { seq, grain, amount: price * volume + (grain === 'TBT' ? 0 : slip), vendorSide: side, ...quotes })
    })
  })

test('FeatureBoard keeps the law "batch = stream": every snapshot equals a slow fold of the ticks so far, bit for bit', () => {
  let snapshots = 0
  fc.assert(
    fc.property(anyDay, (ticks) => {
      const board = new FeatureBoard(date, () => baseline)
      for (const [i, tick] of ticks.entries()) {
        if (!board.accept(tick, tick.at, 0)) continue
        snapshots++
        expect(board.read(0)!.values).toMatchObject(slowFeatures(ticks, i))
      }
    }),
    { numRuns: 60 },
  )
  expect(snapshots).toBeGreaterThan(500)
})

function play(ticks: readonly Tick[], own: Baseline = baseline): FeatureSnapshot {
  const board = new FeatureBoard(date, () => own)
  for (const tick of ticks) board.accept(tick, tick.at, 0)
  return board.snapshot(0)!
}

test('FeatureBoard counts the windows on the session clock, continuous over lunch', () => {
  const { values, sessionSeconds: seconds } = play([tickAt('11:25:00', 9000, 1000), tickAt('11:27:00', 9100, 1000), tickAt('13:00:30', 9200, 1000)])
  // 11:27:00 is 180 s before 11:30, 13:00:30 is 30 s after lunch: 210 s apart on the session clock, 330 s to the first.
  expect(seconds).toBe(7230)
  expect(values.amount_5m).toBe(9100 + 9200)
  expect(values.r_3m).toBeCloseTo(Math.log(9200 / 9100), 12)
  expect(values.r_5m).toBeCloseTo(Math.log(9200 / 9000), 12)
})

test('FeatureBoard gives no return before the session is as old as the window', () => {
  const early = play([tickAt('09:25:03', 9000, 1000), tickAt('09:30:30', 9100, 1000)])
  expect(early.values.r_1m).toBeNaN()
  const later = play([tickAt('09:25:03', 9000, 1000), tickAt('09:31:00', 9100, 1000)])
  expect(later.values.r_1m).toBeCloseTo(Math.log(91 / 90), 12)
  expect(later.values.r_3m).toBeNaN()
})

test('FeatureBoard leaves the auctions out of the windows and in the day', () => {
  const { values } = play([tickAt('09:25:03', 9000, 1000), tickAt('09:30:03', 9100, 2000), tickAt('15:00:03', 9000, 5000)])
  expect(values.cum_amount).toBe(9000 + 18_200 + 45_000)
  expect(values.last).toBe(9)
  expect(values.amount_5m).toBe(0)
  expect(values.net_ratio_5m).toBeNaN()
})

test('FeatureBoard ignores indicative and after-hours records', () => {
  const board = new FeatureBoard(date, () => baseline)
  expect(board.accept(tickAt('09:20:00', 9000, 100), instantOf(date, clockTime('09:20')), 0)).toBe(false)
  expect(board.read(0)).toBeUndefined()
  expect(board.accept(tickAt('12:00:00', 9000, 100), instantOf(date, clockTime('12:00')), 0)).toBe(false)
  expect(board.snapshot(7)).toBeUndefined()
})

test('FeatureBoard hands out a frozen snapshot and reuses the one for detectors', () => {
  const board = new FeatureBoard(date, () => baseline)
  const first = tickAt('09:30:03', 9000, 100)
  board.accept(first, first.at, 0)
  const kept = board.snapshot(0)!
  expect(Object.isFrozen(kept) && Object.isFrozen(kept.values)).toBe(true)
  const read = board.read(0)!
  const second = tickAt('09:30:06', 9100, 100)
  board.accept(second, second.at, 0)
  expect(board.read(0)).toBe(read)
  expect(kept.values.last).toBe(9)
})

test('FeatureBoard adds a late record to the day and not to the window', () => {
  const board = new FeatureBoard(date, () => baseline)
  const [first, second, late] = [tickAt('09:40:00', 9000, 1000), tickAt('09:41:00', 9000, 1000), tickAt('09:40:30', 9500, 2000, { vendorSide: 1 })]
  for (const tick of [first, second]) board.accept(tick, tick.at, 0)
  board.acceptLate(late, 0)
  const { values } = board.snapshot(0)!
  expect(values).toMatchObject({ last: 9, high: 9.5, cum_volume: 4000, amount_5m: 18_000 })
})

test('FeatureBoard marks features of an unknown baseline as NaN, never as 0', () => {
  const { values, baseline: kind } = play([tickAt('09:30:03', 9000, 1000, { vendorSide: 1 })], profileBaseline())
  expect(kind).toBe('profile')
  for (const name of ['prev_close', 'pct', 'adv20', 'atr_pct', 'limit_up', 'limit_down'] as const) expect(values[name], name).toBeNaN()
  expect(values.net_z5m).toBe(4)
})

test('FeatureBoard keeps stocks apart, however their ticks interleave', () => {
  fc.assert(
    fc.property(anyDay, anyDay, fc.infiniteStream(fc.boolean()), (a, b, coins) => {
      const board = new FeatureBoard(date, () => baseline)
      const [left, right] = [[...a], [...b]]
      while (left.length + right.length > 0) {
        const isLeft = right.length === 0 || (left.length > 0 && coins.next().value === true)
        const tick = (isLeft ? left : right).shift()!
        board.accept(tick, tick.at, isLeft ? 0 : 1)
      }
      for (const [place, ticks] of [a, b].entries()) {
        const alone = new FeatureBoard(date, () => baseline)
        for (const tick of ticks) alone.accept(tick, tick.at, 0)
        expect(board.snapshot(place)).toEqual(alone.snapshot(0))
      }
    }),
    { numRuns: 40 },
  )
})
