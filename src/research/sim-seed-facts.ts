import { exchangeOf, type Board } from '#core/code.ts'
import { sessionRulesOn } from '#core/session.ts'
import { tradeDate, type TradeDate } from '#core/trade-date.ts'
import { marketCalendar } from '#core/market-day.ts'
import { generateKlineSequence } from '#market/classic-kline.ts'
import { dailyBars, type DailyBars } from '#market/daily-bars.ts'
import { factPanel } from '#market/fact-panel.ts'
import { ForeignFactor } from '#market/foreign-factor.ts'
import { indexDays } from '#market/index-days.ts'
import { keyedRng } from '#market/keyed-rng.ts'
import { minuteBars } from '#market/minute-bars.ts'
import { stylisedFacts, type FactPanel, type FactStock, type MarketFacts, type StylisedFacts } from '#market/stylised-facts.ts'
import { tickDay } from '#market/tick-path.ts'
import { createWorld, type World } from '#market/world.ts'
import { pearson } from '#numeric/pearson.ts'
import { minuteFacts, type MinuteDay, type MinuteFacts } from './sim-minute-facts.ts'

/** What is measured of one seed: all stocks, the ±10 % and ±20 % boards alone, the index, and the minutes of a sample. */
export interface SeedFacts {
  readonly seed: number
  readonly all: StylisedFacts
  readonly main: StylisedFacts
  readonly wide: StylisedFacts
  /** Of the index of all stocks, weighted by free float; the equal-weight market is in `all`. */
  readonly index: MarketFacts
  readonly minute: MinuteFacts
  /** 杠杆效应 of the simulated United States: corr(r, r² of the next day) of the factor its shares follow, over twelve years. */
  readonly usLeverage: number
}

/** 预设: the market itself, the same under stress, or the classic model alone (spec simulator §2.3), which must not pass. */
export type Preset = 'realistic' | 'stress' | 'classic'

/** Which market is measured: `size` stocks over the open dates, the slow cycle off (spec simulator §21). */
export interface FactProtocol {
  readonly preset: Preset
  readonly seed: number
  readonly size: number
  readonly dates: readonly TradeDate[]
}

/** How many stocks' minutes are measured on how many days, both spread evenly over all there are. */
const MINUTE_STOCKS = 32
const MINUTE_DAYS = 25

/** Which days of the United States are measured. */
const US_FROM = tradeDate(20150105)
const US_DAYS = 3000

/** 中证全指: the simulator's index of all stocks. */
const ALL_STOCKS = '000985.CSI'

/** Classic stocks begin at 20.00 and trade this many shares in a quiet minute: neither changes a fact. */
const CLASSIC_PRICE = 20
const CLASSIC_VOLUME = 1e5

/**
 * The facts of one seed. Yields after every stock, so that whoever runs it can let others work and stop it; between the measurements too, of which the longest takes
 * a second or two for 360 stocks × 750 days.
 */
export function* seedFacts(protocol: FactProtocol): Generator<void, SeedFacts> {
  const { preset, ...rest } = protocol
  return preset === 'classic' ? yield* classicFacts(rest) : yield* marketFacts(rest, preset)
}

function* marketFacts({ seed, size, dates }: Omit<FactProtocol, 'preset'>, preset: 'realistic' | 'stress'): Generator<void, SeedFacts> {
  const world = createWorld({ seed, size, dates, slowCycle: false, preset })
  const bars: DailyBars[] = []
  for (const stock of world.stocks) {
    bars.push(dailyBars(world, stock))
    yield
  }
  const minutes: MinuteDay[][] = []
  const measured = spread(bars, MINUTE_STOCKS)
  for (const [k, own] of measured.entries()) {
    minutes.push(minuteDays(world, own, k / measured.length))
    yield
  }
  const index = indexFacts(world, bars)
  yield
  const panelOf = (boards?: readonly Board[]) =>
    factPanel(
      bars.filter(({ stock }) => boards === undefined || boards.includes(stock.board)),
      dates.length,
    )
  const all = stylisedFacts(panelOf())
  yield
  const main = stylisedFacts(panelOf(['main']))
  yield
  return { seed, all, main, wide: stylisedFacts(panelOf(['chinext', 'star'])), index, minute: minuteFacts(minutes), usLeverage: usLeverage(seed) }
}

/** The classic model minute by minute, each stock on its own; it has no limits, no nights and one board. */
function* classicFacts({ seed, size, dates }: Omit<FactProtocol, 'preset'>): Generator<void, SeedFacts> {
  const days = dates.length
  const stocks: FactStock[] = []
  const minutes: MinuteDay[][] = []
  const stockNumbers = Array.from({ length: size }, (_, k) => k)
  const measured = new Set(spread(stockNumbers, MINUTE_STOCKS))
  const measuredDays = spread(
    Array.from({ length: days }, (_, day) => day),
    MINUTE_DAYS,
  )
  for (const k of stockNumbers) {
    const rng = keyedRng(seed, 'path', `classic/${k}`)
    const { klines } = generateKlineSequence({
      initialPrice: CLASSIC_PRICE,
      numBars: 240 * days,
      initialState: 'sideways',
      baseVolume: CLASSIC_VOLUME,
      rng,
    })
    const closeBefore = (bar: number) => klines[bar - 1]?.close ?? CLASSIC_PRICE
    const volume = new Float64Array(days)
    for (let bar = 0; bar < klines.length; bar++) volume[Math.floor(bar / 240)]! += klines[bar]!.volume
    stocks.push({
      returns: Float64Array.from({ length: days }, (_, day) => Math.log(closeBefore(240 * (day + 1)) / closeBefore(240 * day))),
      volume,
      overnight: new Float64Array(days),
      limit: new Int8Array(days),
      sector: 0,
    })
    if (measured.has(k))
      minutes.push(
        measuredDays.map((day) => ({
          close: Float64Array.from({ length: 241 }, (_, slot) => closeBefore(240 * day + slot)),
          volume: Float64Array.from({ length: 241 }, (_, slot) => (slot === 0 ? 0 : klines[240 * day + slot - 1]!.volume)),
        })),
      )
    yield
  }
  const panel: FactPanel = { days, stocks }
  const facts = stylisedFacts(panel)
  return { seed, all: facts, main: facts, wide: facts, index: facts.market, minute: minuteFacts(minutes), usLeverage: leverageOf(meanReturns(panel)) }
}

/**
 * The factor of the United States over twelve years: with the specification's ρ the correlation is about −0.08, and over 750 days it scatters by ± 0.07 around
 * that, because squares of heavy-tailed returns do.
 */
function usLeverage(seed: number): number {
  const calendar = marketCalendar('us')
  const dates = calendar.dates(US_FROM, calendar.to).slice(0, US_DAYS)
  const factor = new ForeignFactor(seed, 'us', dates)
  const returns = Float64Array.from(dates, (_, at) => {
    const { overnight, minutes } = factor.day(at)
    return minutes.reduce((sum, value) => sum + value, overnight)
  })
  return leverageOf(returns)
}

function leverageOf(returns: Float64Array): number {
  return pearson(
    returns.subarray(0, -1),
    returns.subarray(1).map((value) => value * value),
  )
}

/** The equal-weight market of a panel in which every stock trades every day. */
function meanReturns({ days, stocks }: FactPanel): Float64Array {
  return Float64Array.from({ length: days }, (_, day) => stocks.reduce((sum, { returns }) => sum + returns[day]!, 0) / stocks.length)
}

/** Days of one stock; `offset` in [0, 1) shifts them, so that the stocks together see many different days of the common factors. */
function minuteDays(world: World, own: DailyBars, offset: number): MinuteDay[] {
  const { code, board } = own.stock
  const traded = Array.from(world.dates.keys()).filter((day) => own.volume[day]! > 0)
  return spread(traded, MINUTE_DAYS, offset).flatMap((day) => {
    const ticks = tickDay(world, own, day)
    return ticks === undefined ? [] : [minuteBars(ticks, sessionRulesOn(world.dates[day]!, exchangeOf(code), board))]
  })
}

/** The index as a panel of one: its market is itself. */
function indexFacts(world: World, bars: readonly DailyBars[]): MarketFacts {
  const { preClose, close, volume, open } = indexDays(world, bars).find(({ code }) => code === ALL_STOCKS)!
  const returns = close.map((level, day) => Math.log(level / preClose[day]!))
  const overnight = open.map((level, day) => Math.log(level / preClose[day]!))
  return stylisedFacts({ days: world.dates.length, stocks: [{ returns, volume, overnight, limit: new Int8Array(returns.length), sector: 0 }] }).market
}

/** At most `count` of them, evenly spread, from the given part of the first interval on. */
function spread<Value>(values: readonly Value[], count: number, offset = 0): readonly Value[] {
  const taken = Math.min(count, values.length)
  return Array.from({ length: taken }, (_, k) => values[Math.floor(((k + offset) * values.length) / taken)]!)
}
