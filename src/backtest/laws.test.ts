import fc from 'fast-check'
import { expect, test } from 'vitest'
import { aShareCalendar } from '#core/a-share-calendar.ts'
import type { Code } from '#core/code.ts'
import type { OrderType } from '#core/order.ts'
import { seededRng, type Rng } from '#core/rng.ts'
import { defineStrategy, type StrategyContext } from '#core/strategy.ts'
import { tradeDate } from '#core/trade-date.ts'
import { runDaily } from './daily-run.ts'
import { LookaheadError } from './lookahead-error.ts'
import { Market } from './market.ts'
import { scripted } from './market-by-hand.ts'
import type { RunResult } from './result.ts'
import type { RunOptions } from './run-options.ts'
import type { StockInput } from './stock-input.ts'

/** A stock that walks at random within its limits, with suspensions, dividends, bonus issues and perhaps a delisting. */
function walk(code: string, rng: Rng, days: readonly number[]): StockInput {
  const column = () => new Float64Array(days.length)
  const [open, high, low, close, volume, preClose] = [column(), column(), column(), column(), column(), column()]
  const suspended = new Uint8Array(days.length)
  const actions = []
  let price = Math.round(300 + rng.next() * 3000) / 100
  for (let i = 0; i < days.length; i++) {
    if (i > 0 && rng.next() < 0.02) {
      const action = {
        exDate: tradeDate(days[i]!),
        cash: Math.round(price * rng.next() * 4) / 100,
        bonus: rng.next() < 0.3 ? 0.5 : 0,
        rights: rng.next() < 0.1 ? 0.3 : 0,
        rightsPrice: price / 2,
      }
      actions.push(action)
      price = (price - action.cash + action.rights * action.rightsPrice) / (1 + action.bonus + action.rights)
    }
    price = Math.max(1, Math.round(price * 100) / 100)
    preClose[i] = price
    const step = () => Math.max(1, Math.round(preClose[i]! * (1 + Math.max(-0.099, Math.min(0.099, rng.normal() * 0.05))) * 100) / 100)
    open[i] = step()
    close[i] = price = step()
    high[i] = Math.max(open[i]!, close[i]!)
    low[i] = Math.min(open[i]!, close[i]!)
    volume[i] = rng.integer(0, 200_000)
    if (rng.next() < 0.05) {
      suspended[i] = 1
      price = preClose[i]!
    }
  }
  return { code: code as Code, listDate: tradeDate(days[0]!), dates: days, open, high, low, close, volume, preClose, suspended, actions }
}

const codes = ['600519.SH', '000001.SZ', '688981.SH', '300750.SZ', '920047.BJ']

function randomMarket(seed: number, days: number): Market {
  const dates = aShareCalendar.dates(tradeDate(20220104), aShareCalendar.shift(tradeDate(20220104), days - 1))
  const rng = seededRng(seed)
  const stocks = codes.map((code, i) => {
    const isDelisted = i === 1
    const own = isDelisted ? dates.slice(0, Math.ceil(days * 0.7)) : dates
    return { ...walk(code, rng.fork(code), own), ...(isDelisted && own.length < days ? { delistDate: dates[own.length]! } : {}) }
  })
  return new Market({ dates, stocks })
}

/** Buys and sells whatever the dice say, good orders and bad ones. */
const gambler = defineStrategy<{ readonly seed: number }, Rng>({
  name: 'gambler',
  label: { zh: '掷骰', en: 'Gambler' },
  version: '1',
  params: { seed: 1 },
  start: ({ seed }) => seededRng(seed),
  onSessionStart: (rng, context) => gamble(rng, context, ['auction_open', 'auction_close', 'limit', 'stop']),
  onBar: (rng, context) => gamble(rng, context, ['auction_close']),
})

function gamble(rng: Rng, context: StrategyContext, types: readonly OrderType[]): void {
  for (let n = rng.integer(0, 3); n > 0; n--) {
    const stock = rng.integer(0, context.data.stocks - 1)
    const position = context.position(stock)
    const reference = context.data.field(stock, 'preClose').at(context.data.day)
    const type = types[rng.integer(0, types.length - 1)]!
    const price = Math.max(0.01, Math.round(reference * (0.93 + rng.next() * 0.14) * 100) / 100) || 1
    const isSale = position !== undefined && rng.next() < 0.5
    const shares = isSale ? rng.integer(1, position.shares + 50) : rng.integer(1, 40) * (rng.next() < 0.8 ? 100 : 37)
    const size = isSale && rng.next() < 0.4 ? { all: true as const } : !isSale && rng.next() < 0.4 ? { value: rng.next() * 60_000 } : { shares }
    context.order({
      stock,
      side: isSale ? 'sell' : 'buy',
      type,
      size,
      price,
      closeFill: rng.next() < 0.7,
      tif: rng.next() < 0.3 ? 'carry' : 'day',
      rule: 'dice',
    })
  }
}

const bytes = (result: RunResult) => JSON.stringify(result, (_, value) => (ArrayBuffer.isView(value) ? Array.from(value as Float64Array) : value))
const cents = (cny: number) => Math.round(cny * 100) + 0

test('runDaily() keeps its books to the 分 under random orders, and trades, costs and open holdings explain the equity', () => {
  let days = 0
  const check = fc.property(fc.integer({ min: 0, max: 1e6 }), fc.constantFrom(0, 1, 2), fc.integer({ min: 5, max: 250 }), (seed, costFactor, length) => {
    days += length
    const result = runDaily(
      randomMarket(seed, length),
      gambler,
      { seed },
      { cash: 100_000, costFactor, slippage: { model: seed % 2 === 0 ? 'sqrt_impact' : 'bps', bps: 5 } },
    )
    const sum = (values: readonly number[]) => values.reduce((total, value) => total + cents(value), 0)
    const closed = sum(result.trades.map(({ netPnl }) => netPnl))
    const open = sum(result.openPositions.map(({ unrealisedPnl, dividends, entryCosts }) => unrealisedPnl + dividends - entryCosts))
    expect(cents(result.equity.at(-1)!) - cents(result.startEquity)).toBe(closed + open)
    const { commission, stampDuty, transferFee, slippage, dividendTax } = result.costs
    expect(sum([...result.cost])).toBe(cents(commission + stampDuty + transferFee + slippage + dividendTax))
    for (const trade of result.trades) {
      expect(trade.exitDay > trade.entryDay).toBe(true)
      const { costs } = trade
      const spent = costs.commission + costs.stampDuty + costs.transferFee + costs.slippage + costs.dividendTax
      expect(cents(trade.netPnl)).toBe(cents(trade.exitAmount - trade.entryAmount + trade.dividends - spent))
    }
    for (const { state, filledShares, shares, reason } of result.orders) {
      expect(state).not.toBe('open')
      expect(filledShares <= shares).toBe(true)
      expect(state === 'filled' ? filledShares > 0 && reason === undefined : reason !== undefined).toBe(true)
    }
  })
  // 98323: a delisted holding with untaxed dividends and no cash left.
  fc.assert(check, { numRuns: 80, examples: [[98_323, 2, 245]] })
  expect(days).toBeGreaterThan(7000)
})

test('runDaily() gives the same bytes twice', () => {
  const run = () => bytes(runDaily(randomMarket(5, 250), gambler, { seed: 9 }, { seed: 9 }))
  expect(run()).toBe(run())
  expect(run().length).toBeGreaterThan(50_000)
})

test('runDaily() decides the same on earlier days when the last days are removed or replaced', () => {
  const whole = randomMarket(3, 200)
  const run = (options: RunOptions, market = whole) => runDaily(market, gambler, { seed: 3 }, options)
  const full = run({})
  const cut = run({ to: whole.days[149]! })
  expect([...cut.equity]).toEqual([...full.equity.subarray(0, 150)])
  const ended = (result: RunResult) => result.orders.filter(({ endedOn, reason }) => endedOn <= whole.days[148]! && reason !== 'end_of_data')
  expect(ended(cut)).toEqual(ended(full))
  expect(ended(cut).length).toBeGreaterThan(200)
})

test('runDaily() throws when a strategy reads the close of tomorrow', () => {
  const market = randomMarket(1, 10)
  const peek = scripted({ 3: { close: ({ data }) => void data.field(0, 'close').at(data.day + 1) } })
  expect(() => runDaily(market, peek)).toThrow(LookaheadError)
})

test('runDaily() earns the adjusted-price return by buying and holding through dividends and bonus issues', () => {
  const dates = aShareCalendar.dates(tradeDate(20220104), tradeDate(20231229))
  const { preClose: _, ...walked } = walk('600519.SH', seededRng('hold'), dates)
  const stock = { ...walked, suspended: new Uint8Array(dates.length), volume: new Float64Array(dates.length).fill(1e9) }
  const known = new Market({ dates, stocks: [{ ...stock, actions: stock.actions!.map(({ exDate, cash = 0, bonus = 0 }) => ({ exDate, cash, bonus })) }] })
  const { adjFactor, close, open, exActions } = known.stocks[0]!
  const options: RunOptions = { cash: 1e7, slippage: { model: 'none' }, costFactor: 0 }
  const hold = (market: Market) => runDaily(market, scripted({ 0: { morning: [{ side: 'buy', size: { shares: 100_000 } }] } }), {}, options)
  const adjusted = (close.at(-1)! * adjFactor.at(-1)!) / (open[0]! * adjFactor[0]!) - 1
  const invested = 100 * open[0]!

  // By factors alone dividends are reinvested at the ex-rights price, as the adjusted price does.
  const { actions: __, ...withoutActions } = stock
  const byFactor = hold(new Market({ dates, stocks: [{ ...withoutActions, adjFactor }] }))
  expect((byFactor.equity.at(-1)! - 1e7) / invested).toBeCloseTo(adjusted, 3)

  // With known actions cash lies idle: shares grow by bonus alone, and cash is what those shares were paid.
  const byAction = hold(known)
  let shares = 100_000
  let cash = 0
  for (const action of exActions) {
    cash += shares * action.cash
    shares *= 1 + action.bonus
  }
  expect(exActions.length).toBeGreaterThan(5)
  expect((byAction.equity.at(-1)! - 1e7) / invested).toBeCloseTo((shares * close.at(-1)! + cash * 1000) / (100_000 * open[0]!) - 1, 3)
})
