import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { beforeAll, expect, test } from 'vitest'
import { readCode, type Code } from '#core/code.ts'
import { tradeDate } from '#core/trade-date.ts'
import { movingAverageCross } from '#strategies/moving-average-cross.ts'
import { runDaily } from './daily-run.ts'
import { Market } from './market.ts'
import { scripted } from './market-by-hand.ts'
import { NO_LIMIT, SUSPENDED } from './stock-columns.ts'
import type { StockInput } from './stock-input.ts'

const file = join(process.env.FUPAN_SHARED ?? '../shared', 'data/daily_raw/baostock_raw_2020_202504.csv.gz')
const hasShared = existsSync(file)

let market: Market

/** Every fourth of 142 index members by number, 2020 to 2025, not adjusted; the factor follows from the exchange's previous closes. */
function readMarket(): Market {
  const rowsOf = new Map<Code, string[][]>()
  const dates = new Set<number>()
  for (const line of gunzipSync(readFileSync(file)).toString().trim().split('\n').slice(1)) {
    if (Number(line.slice(14, 20)) % 4 !== 0) continue
    const row = line.split(',')
    const code = readCode(row[1]!)
    dates.add(tradeDate(row[0]!))
    const own = rowsOf.get(code)
    if (own === undefined) rowsOf.set(code, [row])
    else own.push(row)
  }
  const stocks = [...rowsOf].map(([code, rows]): StockInput => {
    const sorted = rows.toSorted((a, b) => (a[0]! < b[0]! ? -1 : 1))
    const column = (place: number) => Float64Array.from(sorted, (row) => (row[place] === '' ? NaN : Number(row[place])))
    const [close, preClose] = [column(5), column(6)]
    const suspended = Uint8Array.from(sorted, (row) => (row[11] === '0' ? 1 : 0))
    const adjFactor = new Float64Array(close.length).fill(1)
    for (let i = 1; i < close.length; i++) adjFactor[i] = adjFactor[i - 1]! * (preClose[i]! > 0 ? close[i - 1]! / preClose[i]! : 1)
    const [open, high, low, volume] = [column(2), column(3), column(4), column(7)]
    const riskWarning = Uint8Array.from(sorted, (row) => Number(row[13]))
    return {
      code,
      listDate: tradeDate(20100104),
      dates: sorted.map((row) => tradeDate(row[0]!)),
      open,
      high,
      low,
      close,
      preClose,
      volume,
      suspended,
      riskWarning,
      adjFactor,
    }
  })
  return new Market({ dates: [...dates].toSorted((a, b) => a - b), stocks })
}

beforeAll(() => {
  if (hasShared) market = readMarket()
})

test.skipIf(!hasShared)('Market computes limits that five real years respect (needs FUPAN_SHARED)', () => {
  let days = 0
  const outside: string[] = []
  for (const { code, first, length, high, low, upLimit, downLimit, flags } of market.stocks)
    for (let i = 0; i < length; i++) {
      if (flags[i]! & (SUSPENDED | NO_LIMIT)) continue
      days++
      // The file does not tell listing days: a stock's first days in it may be its first on the exchange.
      if (i >= 5 && (high[i]! > upLimit[i]! || low[i]! < downLimit[i]!)) outside.push(`${code} ${market.days[first + i]}`)
    }
  expect(days).toBeGreaterThan(35_000)
  expect(outside).toEqual([])
})

test.skipIf(!hasShared)('runDaily() holds real stocks for the return of its adjusted price (needs FUPAN_SHARED)', () => {
  const last = market.days.length - 1
  const prices = { slippage: { model: 'none' }, costFactor: 0, participation: { day: 1, auction: 1, auctionOfDay: 1 } } as const
  const off: string[] = []
  market.stocks.forEach(({ code, first, length, open, close, adjFactor }, stock) => {
    const buy = scripted({ 0: { morning: [{ stock, side: 'buy', size: { shares: 10_000 } }] } })
    const result = runDaily(market, buy, {}, { ...prices, from: market.days[first]!, cash: 1e8 })
    const bought = result.orders[0]!
    if (bought.state !== 'filled') off.push(`${code} ${bought.reason}`)
    const held = result.equity.at(-1)! - 1e8
    const adjusted = (close[length - 1]! * adjFactor[length - 1]!) / (open[0]! * adjFactor[0]!) - 1
    // The exchange rounds the ex-rights price and we round cash for fractions: a few 分 per ex-day.
    if (Math.abs(held / (10 * open[0]!) - adjusted) > 0.001 * (1 + Math.abs(adjusted))) off.push(`${code} ${held / (10 * open[0]!)} ${adjusted}`)
  })
  expect(last).toBeGreaterThan(1200)
  expect(off).toEqual([])
})

test.skipIf(!hasShared)('movingAverageCross trades real years within every rule and the same way twice (needs FUPAN_SHARED)', () => {
  const run = () => runDaily(market, movingAverageCross, { fast: 10, slow: 40, maxPositions: 10 })
  const result = run()
  expect(result.trades.length).toBeGreaterThan(100)
  expect(result.trades.every(({ entryDay, exitDay }) => exitDay > entryDay)).toBe(true)
  expect(Math.min(...result.cash)).toBeGreaterThanOrEqual(0)
  expect(JSON.stringify(run().trades)).toBe(JSON.stringify(result.trades))
})
