import { expect, test } from 'vitest'
import { runDaily } from './daily-run.ts'
import { marketByHand, scripted, type DayByHand, type ScriptDay, type StockByHand } from './market-by-hand.ts'
import type { RunOptions } from './run-options.ts'

const free: RunOptions = { slippage: { model: 'none' }, costFactor: 0 }
const buy = (shares: number) => ({ side: 'buy', size: { shares } }) as const
const sell = (shares: number) => ({ side: 'sell', size: { shares } }) as const
const sellAll = { side: 'sell', size: { all: true } } as const

function play(bars: readonly DayByHand[], script: Record<number, ScriptDay>, options: RunOptions = free, stock: Partial<StockByHand> = {}, start = 20240102) {
  return runDaily(marketByHand(start, [{ code: '600519.SH', bars, ...stock }]), scripted(script), {}, options)
}
const outcomes = (result: ReturnType<typeof play>) => result.orders.map(({ state, reason, filledShares }) => [state, reason, filledShares])

test('runDaily() charges the worked example of spec microstructure §15.7', () => {
  const result = play([10, 10.5, 10.5], { 0: { morning: [buy(1000)] }, 1: { morning: [sell(1000)] } }, { slippage: { model: 'none' } })
  expect(result.trades).toHaveLength(1)
  expect(result.trades[0]).toMatchObject({ grossPnl: 500, netPnl: 484.54, entryAmount: 10_000, exitAmount: 10_500, daysHeld: 1 })
  expect(result.trades[0]!.costs).toEqual({ commission: 10, stampDuty: 5.25, transferFee: 0.21, slippage: 0, dividendTax: 0 })
  expect([...result.equity]).toEqual([999_994.9, 1_000_484.54, 1_000_484.54])
  expect([...result.cash]).toEqual([989_994.9, 1_000_484.54, 1_000_484.54])
  expect([...result.tradedAmount]).toEqual([10_000, 10_500, 0])
  expect([...result.cost]).toEqual([5.1, 10.36, 0])
  expect([...result.positions]).toEqual([1, 0, 0])
})

test('runDaily() never sells on the day of purchase (T+1), and sells what was held before', () => {
  const result = play([10, 10, 10], {
    0: { morning: [buy(200)], close: [{ ...sell(200), type: 'auction_close', closeFill: true }] },
    1: {
      morning: [buy(300)],
      close: [
        { ...sell(300), type: 'auction_close', closeFill: true },
        { ...sellAll, type: 'auction_close', closeFill: true },
      ],
    },
  })
  expect(outcomes(result)).toEqual([
    ['filled', undefined, 200],
    ['rejected', 't_plus_1', 0],
    ['filled', undefined, 300],
    ['rejected', 't_plus_1', 0],
    ['filled', undefined, 200],
  ])
  expect(result.openPositions.map(({ shares }) => shares)).toEqual([300])
})

test('runDaily() takes lots by board: hundreds, STAR from 200 in steps of 1, Beijing from 100 in steps of 1, an odd rest only whole', () => {
  const buys = [{ morning: [buy(150), buy(99), buy(100), buy(199), buy(201)] }]
  const states = (code: string) => play([10, 10], { 0: buys[0]! }, free, { code }).orders.map(({ state }) => state)
  expect(states('600519.SH')).toEqual(['rejected', 'rejected', 'filled', 'rejected', 'rejected'])
  expect(states('688981.SH')).toEqual(['rejected', 'rejected', 'rejected', 'rejected', 'filled'])
  expect(states('920047.BJ')).toEqual(['filled', 'rejected', 'filled', 'filled', 'filled'])
  // 1.5 bonus shares on 100 give 250: half a lot is left over and must go whole.
  const odd = play(
    [10, 4, 4, 4],
    { 0: { morning: [buy(100)] }, 1: { morning: [sell(30), sell(170), sell(200)] }, 2: { morning: [sell(49), sell(50)] } },
    free,
    { actions: [{ exDate: 20240103 as never, bonus: 1.5 }] },
  )
  expect(odd.orders.map(({ state, reason }) => reason ?? state)).toEqual(['filled', 'bad_lot', 'bad_lot', 'filled', 'bad_lot', 'filled'])
})

test('runDaily() buys nothing on a day that never left the upper limit, and buys when it opened there but traded away', () => {
  const sealed = play([10, 11, 11], { 1: { morning: [buy(100), { ...buy(100), type: 'limit', price: 11 }, { ...buy(100), type: 'auction_close' }] } })
  expect(outcomes(sealed)).toEqual([
    ['expired', 'sealed_limit', 0],
    ['expired', 'sealed_limit', 0],
    ['expired', 'sealed_limit', 0],
  ])
  const opened = play([10, [11, 11, 10.5, 11]], { 1: { morning: [buy(100), { ...buy(100), type: 'auction_close' }] } })
  expect(outcomes(opened)).toEqual([
    ['filled', undefined, 100],
    ['expired', 'sealed_limit', 0],
  ])
})

test('runDaily() carries a sale through limit-down days to the first open that trades', () => {
  const result = play([10, 9, 8.1, [7.9, 8, 7.8, 8]], { 0: { morning: [buy(500)] }, 1: { morning: [{ ...sellAll, tif: 'carry', rule: 'S2' }] } })
  expect(result.trades).toHaveLength(1)
  expect(result.trades[0]).toMatchObject({ exitDate: 20240105, exitPrice: 7.9, exitReason: 'S2', daysHeld: 3 })
  const day = play([10, 9, 8.1, [7.9, 8, 7.8, 8]], { 0: { morning: [buy(500)] }, 1: { morning: [sellAll] } })
  expect(outcomes(day)[1]).toEqual(['expired', 'sealed_limit', 0])
})

test('runDaily() carries a sale decided at a limit-down close to the next open', () => {
  const result = play([10, [9.5, 9.5, 9, 9], 8.8], {
    0: { morning: [buy(500)] },
    1: { close: [{ ...sellAll, type: 'auction_close', closeFill: true, tif: 'carry' }] },
  })
  expect(result.trades[0]).toMatchObject({ exitDate: 20240104, exitPrice: 8.8, closeFill: false })
})

test('runDaily() fills nothing while suspended, marks at the last close, stops the holding days and lets orders expire', () => {
  const result = play([10, 9.9, undefined, undefined, [9.2, 9.3, 9, 9.1], 9.1], {
    0: { morning: [buy(100)] },
    2: { morning: [{ ...sellAll, type: 'stop', price: 9.5, tif: 'carry' }] },
    4: { morning: [{ ...sellAll, type: 'stop', price: 9.5 }] },
  })
  expect(outcomes(result).slice(1)).toEqual([
    ['expired', 'suspended', 0],
    ['filled', undefined, 100],
  ])
  // The gap over the stop: sold at the open, 9.20.
  expect(result.trades[0]).toMatchObject({ exitPrice: 9.2, daysHeld: 2 })
  expect([...result.equity.subarray(0, 4)]).toEqual([1_000_000, 999_990, 999_990, 999_990])
})

test('runDaily() marks a suspended holding with a haircut when told', () => {
  const result = play([10, undefined, 10], { 0: { morning: [buy(100)] } }, { ...free, suspendedHaircut: 0.2 })
  expect([...result.equity]).toEqual([1_000_000, 999_800, 1_000_000])
  expect(() => play([10], {}, { suspendedHaircut: 1.1 })).toThrow(RangeError)
})

test('runDaily() fills limit orders through their price, at the open when it is better, and on a touch only if told', () => {
  const bar: DayByHand = [10, 10.2, 9.8, 10]
  const bought = (price: number, options = free) => play([10, bar], { 1: { morning: [{ ...buy(100), type: 'limit', price }] } }, options).orders[0]!
  expect(bought(10.1)).toMatchObject({ state: 'filled', fillPrice: 10 })
  expect(bought(9.9)).toMatchObject({ state: 'filled', fillPrice: 9.9 })
  expect(bought(9.8)).toMatchObject({ state: 'expired', reason: 'price_not_reached' })
  expect(bought(9.8, { ...free, touchFills: true })).toMatchObject({ state: 'filled', fillPrice: 9.8 })
  expect(bought(11.01)).toMatchObject({ state: 'rejected', reason: 'price_outside_limits' })
  expect(bought(9.905)).toMatchObject({ state: 'rejected', reason: 'price_off_tick' })
  const sold = (price: number) => play([10, bar], { 0: { morning: [buy(100)] }, 1: { morning: [{ ...sellAll, type: 'limit', price }] } }).orders[1]!
  expect(sold(9.9)).toMatchObject({ fillPrice: 10 })
  expect(sold(10.1)).toMatchObject({ fillPrice: 10.1 })
  expect(sold(10.2)).toMatchObject({ reason: 'price_not_reached' })
})

test('runDaily() fills stops at their price, or at the open beyond it, and charges slippage in cash', () => {
  const stopped = (bar: DayByHand, options = free) =>
    play([10, bar], { 0: { morning: [buy(1000)] }, 1: { morning: [{ ...sellAll, type: 'stop', price: 9.5 }] } }, options)
  expect(stopped([10, 10, 9.4, 9.6]).trades[0]).toMatchObject({ exitPrice: 9.5 })
  expect(stopped([9.3, 9.9, 9.2, 9.8]).trades[0]).toMatchObject({ exitPrice: 9.3 })
  expect(stopped([10, 10, 9.51, 9.6]).trades).toEqual([])
  const ticks = stopped([10, 10, 9.4, 9.6], { slippage: { model: 'fixed_ticks', ticks: 2 } })
  expect(ticks.trades[0]!.costs.slippage).toBe(20)
  const bps = stopped([10, 10, 9.4, 9.6], {})
  // 5 bp of 10,000 and of 9,500.
  expect(bps.trades[0]!.costs.slippage).toBe(9.75)
  expect(stopped([10, 10, 9.4, 9.6], { costFactor: 2 }).trades[0]!.costs).toEqual({
    commission: 20,
    stampDuty: 9.5,
    transferFee: 0.4,
    slippage: 19.5,
    dividendTax: 0,
  })
})

test('runDaily() takes at most a tenth of the day’s volume, a hundredth in an auction whose volume is unknown', () => {
  const bars: DayByHand[] = [
    [10, 10, 10, 10, 100_000],
    [10, 10.1, 9.9, 10, 50_000],
  ]
  const capped = play(bars, { 0: { morning: [buy(5000)] }, 1: { morning: [{ ...buy(9000), type: 'limit', price: 10 }] } })
  expect(outcomes(capped)).toEqual([
    ['partly_filled', 'no_volume', 1000],
    ['partly_filled', 'no_volume', 5000],
  ])
  const known = play(bars, { 0: { morning: [buy(5000), buy(100)] } }, free, { auctionVolume: Float64Array.of(30_000, 1000) })
  expect(outcomes(known)).toEqual([
    ['partly_filled', 'no_volume', 3000],
    ['expired', 'no_volume', 0],
  ])
})

test('runDaily() doubles the shares of a 10-for-10 bonus issue at the open and halves the average cost; equity runs on', () => {
  let seen: number | undefined
  const result = play(
    [10, 10, 5.1, 5.2],
    { 0: { morning: [buy(300)] }, 2: { morning: (context) => void (seen = context.position(0)!.averageCost) }, 3: { morning: [sell(600)] } },
    free,
    { actions: [{ exDate: 20240104 as never, bonus: 1 }] },
  )
  expect(seen).toBe(5)
  expect(result.trades[0]).toMatchObject({ entryShares: 300, shares: 600, entryAmount: 3000, exitAmount: 3120, grossPnl: 120 })
  expect([...result.equity]).toEqual([1_000_000, 1_000_000, 1_000_060, 1_000_120])
  expect(result.corporateEvents).toEqual([{ code: '600519.SH', date: 20240104, kind: 'action', sharesBefore: 300, sharesAfter: 600, cash: 0 }])
})

test('runDaily() books the jump of a factor as bonus shares when no actions are known, the fraction in cash, so that equity is continuous', () => {
  const result = play([10, 10, 9.7, 9.7], { 0: { morning: [buy(100)] } }, free, {
    adjFactor: Float64Array.of(1, 1, 10 / 9.7, 10 / 9.7),
    preClose: Float64Array.of(10, 10, 9.7, 9.7),
  })
  expect(result.openPositions[0]).toMatchObject({ shares: 103 })
  expect([...result.equity]).toEqual([1_000_000, 1_000_000, 1_000_000, 1_000_000])
  expect(result.corporateEvents[0]).toMatchObject({ kind: 'factor', sharesBefore: 100, sharesAfter: 103, cash: 0.9 })
})

test('runDaily() takes up rights when the cash suffices and lets them lapse otherwise', () => {
  // 10 → (10 + 0.3 × 6) ÷ 1.3 = 9.08.
  const rights = { actions: [{ exDate: 20240103 as never, rights: 0.3, rightsPrice: 6 }] }
  const taken = play([10, 9.08], { 0: { morning: [buy(1000)] } }, free, rights)
  expect(taken.openPositions[0]).toMatchObject({ shares: 1300, bookAmount: 11_800, amount: 11_804 })
  expect(taken.equity[1]).toBe(1_000_004)
  const lapsed = play([10, 9.08], { 0: { morning: [buy(1000)] } }, { ...free, cash: 10_000 }, rights)
  expect(lapsed.equity[1]).toBe(9080)
})

test('runDaily() taxes a dividend at the sale by holding time: 20 %, 10 % and nothing after 20, 200 and 400 days, first in first out', () => {
  const bars = Array.from({ length: 300 }, () => 10)
  const dividend = { actions: [{ exDate: 20240104 as never, cash: 0.5 }] }
  const tax = (day: number) => play(bars, { 0: { morning: [buy(1000)] }, [day]: { morning: [sellAll] } }, free, dividend).trades[0]!
  // Bought on 2024-01-02; 20 calendar days later are day 14 (01-22), 202 day 132 (07-22), 400 day 260 (2025-02-05).
  expect([tax(14), tax(132), tax(260)].map(({ exitDate, dividends, costs, netPnl }) => [exitDate, dividends, costs.dividendTax, netPnl])).toEqual([
    [20240122, 500, 100, 400],
    [20240722, 500, 50, 450],
    [20250205, 500, 0, 500],
  ])
  const mixed = play(
    bars,
    { 0: { morning: [buy(1000)] }, 1: { morning: [buy(1000)] }, 5: { morning: [buy(1000)] }, 24: { morning: [sell(1500)] } },
    free,
    dividend,
  )
  // The first thousand was held for over a month, the second, bought on 01-03, too; the third had no dividend.
  expect(mixed.trades.map(({ shares, dividends, costs }) => [shares, dividends, costs.dividendTax])).toEqual([
    [1000, 500, 50],
    [500, 250, 25],
  ])
})

test('runDaily() keeps lots apart through a bonus issue: each doubles, and each counts its own days', () => {
  const result = play(
    [10, 12, 12, 6, 6, 6],
    { 0: { morning: [buy(100)] }, 1: { morning: [] }, 2: { morning: [buy(300)] }, 5: { morning: [sell(500)] } },
    free,
    { actions: [{ exDate: 20240105 as never, bonus: 1 }], preClose: Float64Array.of(10, 11, 12, 6, 6, 6) },
  )
  expect(result.trades.map(({ entryDate, shares, entryShares, entryAmount, daysHeld }) => [entryDate, shares, entryShares, entryAmount, daysHeld])).toEqual([
    [20240102, 200, 100, 1000, 5],
    [20240104, 300, 150, 1800, 3],
  ])
  expect(result.openPositions[0]).toMatchObject({ shares: 300, bookAmount: 1800 })
})

test('runDaily() takes the stamp duty of the day: a tenth of a percent until 2023-08-25, half of it from 2023-08-28', () => {
  const duty = (start: number) =>
    play([10, 10], { 0: { morning: [buy(10_000)] }, 1: { morning: [sellAll] } }, { slippage: { model: 'none' } }, {}, start).trades[0]!.costs.stampDuty
  expect([duty(20230824), duty(20230825)]).toEqual([100, 50])
})

test('runDaily() limits main-board ST stocks to 5 % until 2026-07-05 and to 10 % from 2026-07-06', () => {
  const atFive = (start: number) =>
    play([10, 10.5], { 1: { morning: [buy(100)] } }, free, { riskWarning: Uint8Array.of(1, 1) }, start).orders[0]!.reason ?? 'filled'
  expect([atFive(20260702), atFive(20260703)]).toEqual(['sealed_limit', 'filled'])
})

test('runDaily() buys at most 500,000 shares of a risk-warning stock a day', () => {
  const bars: DayByHand[] = [10, [10, 10.1, 9.9, 10, 1e9], [10, 10.1, 9.9, 10, 1e9]]
  const result = play(
    bars,
    {
      1: { morning: [buy(300_000), buy(200_100), buy(200_000), { side: 'buy', size: { value: 1e6 } }] },
      2: { morning: [{ side: 'buy', size: { value: 9e6 } }] },
    },
    { ...free, cash: 20e6 },
    { riskWarning: Uint8Array.of(1, 1, 1) },
  )
  expect(outcomes(result)).toEqual([
    ['filled', undefined, 300_000],
    ['rejected', 'st_daily_cap', 0],
    ['filled', undefined, 200_000],
    ['rejected', 'bad_size', 0],
    ['filled', undefined, 500_000],
  ])
})

test('runDaily() knows no limit on the first five days of a listing and ten percent on the sixth', () => {
  // Every day at what would be the upper limit.
  const bars = [20, 22, 24.2, 26.62, 29.28, 32.21, 35.43]
  const script = Object.fromEntries(bars.map((_, day) => [day, { morning: [buy(100)] }]))
  const states = (listDate: number) => play(bars, script, free, { listDate: listDate as never }).orders.map(({ state, reason }) => reason ?? state)
  expect(states(20240102)).toEqual(['filled', 'filled', 'filled', 'filled', 'filled', 'sealed_limit', 'sealed_limit'])
  expect(states(20200102)).toEqual(['filled', 'sealed_limit', 'sealed_limit', 'sealed_limit', 'sealed_limit', 'sealed_limit', 'sealed_limit'])
})

test('runDaily() writes a delisted holding off on the day after its last, and takes no order before listing or after delisting', () => {
  const market = marketByHand(20240102, [
    { code: '600001.SH', bars: [2, 1.9, 1.8], delistDate: 20240105 as never },
    { code: '600002.SH', bars: [10, 10, 10, 10, 10] },
    { code: '600003.SH', bars: [10, 10, 10, 10, 10].slice(0, 5), listDate: 20240102 as never },
  ])
  const result = runDaily(market, scripted({ 0: { morning: [buy(1000)] }, 4: { morning: [buy(100)] } }), {}, free)
  expect([...result.equity]).toEqual([1_000_000, 999_900, 999_800, 998_000, 998_000])
  expect(result.trades[0]).toMatchObject({ exitReason: 'delisted', exitPrice: 0, exitDate: 20240105, netPnl: -2000 })
  expect(result.orders.at(-1)).toMatchObject({ state: 'rejected', reason: 'not_listed' })
  expect(result.corporateEvents[0]).toMatchObject({ kind: 'delisted', sharesBefore: 1000 })
})

test('runDaily() rejects what cannot be paid, sizes by value within the cash and by risk with its cap', () => {
  const poor = play([10, 10], { 0: { morning: [buy(100), buy(100)] } }, { cash: 1005.6, slippage: { model: 'none' } })
  expect(outcomes(poor)).toEqual([
    ['filled', undefined, 100],
    ['rejected', 'insufficient_cash', 0],
  ])
  const sized = play(
    [10, 10],
    {
      0: {
        morning: [
          { side: 'buy', size: { value: 50_000 } },
          { side: 'buy', size: { risk: 1000, stop: 9.5, cap: 1e5 } },
          { side: 'buy', size: { risk: 1000, stop: 9.5, cap: 15_500 } },
          { side: 'buy', size: { risk: 1000, stop: 10.5, cap: 15_500 } },
        ],
      },
    },
    { slippage: { model: 'none' } },
  )
  expect(outcomes(sized)).toEqual([
    ['filled', undefined, 4900],
    ['filled', undefined, 2000],
    ['filled', undefined, 1500],
    ['rejected', 'bad_size', 0],
  ])
  expect(sized.cash[0]).toBe(1_000_000 - 49_000 - 12.25 - 0.49 - 20_000 - 5 - 0.2 - 15_000 - 5 - 0.15)
})

test('runDaily() executes late when told: the same orders, days later', () => {
  const script = { 0: { morning: [buy(100)] }, 1: { close: [{ ...sellAll, type: 'auction_close', closeFill: true } as const] } }
  const late = play([10, 10.1, 10.2, 10.3], script, { ...free, delay: 1 })
  expect(late.trades[0]).toMatchObject({ entryDate: 20240103, entryPrice: 10.1, exitDate: 20240104, exitPrice: 10.2 })
  expect(late.delay).toBe(1)
})

test('runDaily() lets an order of onFill meet only what comes after its fill', () => {
  const chained = { ...scripted({ 0: { morning: [buy(100)] } }) }
  const market = marketByHand(20240102, [{ code: '600519.SH', bars: [[10, 10, 9, 9.5], 9.4] }])
  const result = runDaily(
    market,
    {
      ...chained,
      onFill: (_, { order }, context) =>
        void (order === 1 && context.order({ stock: 0, side: 'buy', type: 'limit', size: { shares: 100 }, price: 9.45, rule: 'more' })),
    },
    {},
    free,
  )
  expect(result.orders[1]).toMatchObject({ createdOn: 20240102, endedOn: 20240103, fillPrice: 9.4 })
})

test('runDaily() lets no NaN reach the matcher', () => {
  const place = (order: object) => () => play([10, 10], { 0: { morning: [{ ...buy(100), ...order }] } })
  expect(place({ size: { shares: NaN } })).toThrow(RangeError)
  expect(place({ size: { value: NaN } })).toThrow(RangeError)
  expect(place({ size: { risk: NaN, stop: 1, cap: 1 } })).toThrow(RangeError)
  expect(place({ type: 'limit', price: NaN })).toThrow(RangeError)
  expect(place({ openBetween: { low: NaN, high: 1 } })).toThrow(RangeError)
  expect(() => play([10, [10, NaN, 10, 10]], {})).toThrow(/600519\.SH of 2024-01-03/)
  expect(() => play([10, [10, 10, 10, 10, NaN]], {})).toThrow(RangeError)
})

test('runDaily() keeps a benchmark, stops when told and says what it was run with', () => {
  const level = Float64Array.of(100, 101, NaN, 103)
  const result = play([10, 10, 10, 10], {}, { from: 20240103 as never, seed: 7, benchmark: { name: '000300.SH', level }, onDay: (done) => done < 2 })
  expect([...result.dates]).toEqual([20240103, 20240104])
  expect([...result.benchmark!]).toEqual([101, NaN])
  expect(result).toMatchObject({ benchmarkName: '000300.SH', seed: 7, strategy: 'scripted', startEquity: 1_000_000, costFactor: 1, delay: 0 })
})
