import { seededRng } from '#core/rng.ts'
import { readCode } from '#core/code.ts'
import { dateOfDayNumber, dayNumber, tradeDate, weekday, type TradeDate } from '#core/trade-date.ts'
import type { ClosedTrade, Costs, RunResult } from './result.ts'

const codes = ['600519.SH', '000001.SZ', '300750.SZ', '688981.SH', '601318.SH', '002594.SZ'].map(readCode)
const entryRules = ['E1 support touch', 'E2 reclaim', 'E3 open below']
const exitReasons = ['stop', 'target', 'time', 'level broken']

/** A made-up run for tests and pictures of the report: weekdays from 2022, trades that add up to the equity. Drift is a day's mean return. */
export function sampleRun(days = 500, seed = 'sample', drift = 0.0006): RunResult {
  const rng = seededRng(seed)
  const dates = weekdays(tradeDate(20220104), days)
  const market = rng.fork('market')
  const own = rng.fork('own')
  const start = 1_000_000
  const equity = new Float64Array(days)
  const benchmark = new Float64Array(days)
  for (let day = 0, level = start, index = 4900; day < days; day++) {
    const shock = 0.009 * market.normal() * (1 + 0.5 * Math.sin(day / 90))
    index *= 1 + 0.0001 + shock
    level *= 1 + drift + 0.35 * shock + 0.006 * own.normal() * (1 + 0.5 * Math.sin(day / 90))
    benchmark[day] = index
    equity[day] = Math.round(level * 100) / 100
  }
  const trades = sampleTrades(dates, equity, start, seed)
  const exposure = Float64Array.from({ length: days }, (_, day) => 0.55 + 0.35 * Math.sin(day / 40) * Math.cos(day / 13))
  const tradedAmount = new Float64Array(days)
  const cost = new Float64Array(days)
  for (const trade of trades) {
    tradedAmount[trade.entryDay]! += trade.entryAmount
    tradedAmount[trade.exitDay]! += trade.exitAmount
    cost[trade.exitDay]! += total(trade.costs)
  }
  return {
    strategy: 'bollinger_microstructure',
    version: '1.0.0',
    params: { bollinger: 20, width: 2, min_quality: 0.6, min_support: 0.55, stop_pct: 0.03, max_positions: 10 },
    mode: 'daily',
    seed: 42,
    costFactor: 1,
    delay: 0,
    startEquity: start,
    dates,
    equity,
    cash: equity.map((value, day) => value * (1 - exposure[day]!)),
    exposure,
    tradedAmount,
    cost,
    positions: Int32Array.from(exposure, (value) => Math.round(value * 10)),
    benchmark,
    benchmarkName: '000300.SH 沪深300',
    trades,
    openPositions: [],
    orders: [],
    corporateEvents: [],
    costs: trades.reduce((sum, { costs }) => add(sum, costs), noCosts),
    dividends: 0,
    unfilled: [],
  }
}

function sampleTrades(dates: Uint32Array, equity: Float64Array, start: number, seed: string): ClosedTrade[] {
  const rng = seededRng(seed).fork('trades')
  const count = Math.floor(dates.length / 3)
  const raw = Array.from({ length: count }, () => 0.02 + 0.05 * rng.normal())
  const shift = ((equity.at(-1) ?? start) - start) / (count * 80_000) - raw.reduce((sum, value) => sum + value, 0) / count
  return raw.map((value, i) => {
    const entryDay = i * 3
    const exitDay = Math.min(dates.length - 1, entryDay + 1 + rng.integer(0, 7))
    const entryPrice = 10 + rng.integer(0, 9000) / 100
    const shares = Math.max(100, Math.round(80_000 / entryPrice / 100) * 100)
    const entryAmount = Math.round(entryPrice * shares * 100) / 100
    const exitPrice = Math.round(entryPrice * (1 + value + shift) * 100) / 100
    const exitAmount = Math.round(exitPrice * shares * 100) / 100
    const costs = { commission: 40, stampDuty: Math.round(exitAmount * 0.05) / 100, transferFee: 1.6, slippage: 80, dividendTax: 0 }
    const grossPnl = exitAmount - entryAmount
    const netPnl = Math.round((grossPnl - total(costs)) * 100) / 100
    const locked = rng.next() < 0.1
    return {
      code: codes[rng.integer(0, codes.length - 1)]!,
      entryDate: dates[entryDay]! as TradeDate,
      exitDate: dates[exitDay]! as TradeDate,
      entryDay,
      exitDay,
      entryPrice,
      exitPrice,
      entryShares: shares,
      shares,
      entryAmount,
      exitAmount,
      dividends: 0,
      grossPnl,
      netPnl,
      netReturn: netPnl / entryAmount,
      costs,
      daysHeld: exitDay - entryDay,
      entryRule: entryRules[rng.integer(0, 2)]!,
      exitReason: exitReasons[rng.integer(0, 3)]!,
      t1Locked: locked,
      closeFill: false,
      lockedGap: locked ? -Math.round(rng.next() * 100_000) / 100 : 0,
      entryOrder: 2 * i + 1,
      exitOrder: 2 * i + 2,
      tag: { grade: rng.next() < 0.4 ? 'TICK' : 'BAR', qualityPct: rng.next(), supportPct: rng.next() },
    }
  })
}

const noCosts: Costs = { commission: 0, stampDuty: 0, transferFee: 0, slippage: 0, dividendTax: 0 }

function add(a: Costs, b: Costs): Costs {
  return {
    commission: a.commission + b.commission,
    stampDuty: a.stampDuty + b.stampDuty,
    transferFee: a.transferFee + b.transferFee,
    slippage: a.slippage + b.slippage,
    dividendTax: a.dividendTax + b.dividendTax,
  }
}

function total({ commission, stampDuty, transferFee, slippage, dividendTax }: Costs): number {
  return commission + stampDuty + transferFee + slippage + dividendTax
}

function weekdays(from: TradeDate, count: number): Uint32Array {
  const dates = new Uint32Array(count)
  for (let day = dayNumber(from), i = 0; i < count; day++) {
    const date = dateOfDayNumber(day)
    if (weekday(date) <= 5) dates[i++] = date
  }
  return dates
}
