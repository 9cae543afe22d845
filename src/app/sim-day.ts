import { setImmediate as breathe } from 'node:timers/promises'
import { slotLabel } from '#core/session.ts'
import { instantOf } from '#core/shanghai-time.ts'
import type { TradeDate } from '#core/trade-date.ts'
import type { Checkpoints, RealtimePrice, StockState } from '#ledger/live-market-state.ts'
import { DAYS_PER_YEAR } from '#market/market-factors.ts'
import { packTicks, type PackedTicks } from '#market/merge-ticks.ts'
import { STATUS } from '#market/listing-status.ts'
import { MARKET_STATES, regimeMinutes, REGIMES, type RegimeMinutes } from '#market/regime.ts'
import { stockDay } from '#market/stock-day.ts'
import type { StockCheckpoint } from '#market/stock-walk.ts'
import { tickDay } from '#market/tick-path.ts'
import { tickingStocks } from '#market/ticking-stocks.ts'
import type { World } from '#market/world.ts'
import { LiveMinutes } from '#stream/live-minutes.ts'
import { tickMinutes } from '#warehouse/kline-tick-minutes.ts'

/** One day of the whole simulated market, ready to be shown minute by minute. */
export interface SimDay {
  readonly date: TradeDate
  /** Minutes of all stocks of the world, listed or not. */
  readonly minutes: LiveMinutes
  /** Of the most traded stocks that trade today, in the order of the codes. */
  readonly ticks: readonly PackedTicks[]
  /** `STATUS` of every stock of the world, in its order. */
  readonly status: Uint8Array
  /** Stocks listed but without trading. */
  readonly halted: number
  /** 状态 of every listed stock when minute `slot` is over, made one at a time. */
  statesAt(slot: number, version: number): Iterable<StockState>
  /** How many stocks are in each state of the market then. */
  regimesAt(slot: number): Readonly<Record<string, number>>
  /** Prices of every stock that has traded by then, with its best quotes (CNY) where they are known; made one at a time. */
  pricesAt(slot: number, quotes: ReadonlyMap<string, readonly [bid1: number, ask1: number]>): Iterable<RealtimePrice>
}

export interface SimDayRequest {
  /** Checkpoints taken after an earlier day: they save the walk up to it and change nothing. */
  readonly earlier: Checkpoints<StockCheckpoint>
  readonly signal: AbortSignal
  /** Where every stock stands after the day, some stocks at a time. */
  readonly keep?: (checkpoints: readonly (readonly [code: string, checkpoint: StockCheckpoint])[]) => void
  readonly progress?: (done: number, total: number) => void
}

/** Checkpoints handed on at a time. */
const CHECKPOINTS = 100

interface Pulse {
  readonly regime: RegimeMinutes
  /** Own volatility per year at a regime multiplier of 1; NaN on a day without trading. */
  readonly volatility: number
  readonly lastClose: number
}

/**
 * Draw the last day of a world. Holds minutes of all stocks (43 MB for 5,000) and ticks of at most 800 (35 MB). Lets other work in between stocks; throws the
 * signal's reason when it ends.
 */
export async function simDay(world: World, { earlier, signal, keep = () => {}, progress = () => {} }: SimDayRequest): Promise<SimDay> {
  const day = world.dates.length - 1
  const date = world.dates[day]!
  const ticking = tickingStocks(world)
  const minutes = new LiveMinutes(
    date,
    world.stocks.map(({ code }) => code),
  )
  const pulses = new Map<number, Pulse>()
  const ticks: PackedTicks[] = []
  const checkpoints: [string, StockCheckpoint][] = []
  const status = new Uint8Array(world.stocks.length)
  let halted = 0
  for (const [k, stock] of world.stocks.entries()) {
    if (k % 16 === 15) {
      await breathe()
      progress(k, world.stocks.length)
    }
    signal.throwIfAborted()
    // A stock of its own: what a world remembers of its stocks, 40 MB of statements of 5,000, goes with it.
    const own = stockDay(world, { ...stock }, day, earlier.get(stock.code))
    if (own === undefined) continue
    checkpoints.push([stock.code, own.after])
    if (checkpoints.length === CHECKPOINTS) keep(checkpoints.splice(0))
    const { bars, before } = own
    status[k] = bars.status[day]!
    if (bars.status[day] === STATUS.delisted) continue
    const regime = regimeMinutes(before.regime, world.stream('regime', stock.code, date))
    const ownTicks = tickDay(world, bars, day)
    if (ownTicks === undefined) {
      halted++
      pulses.set(k, { regime, volatility: NaN, lastClose: before.close / 1000 })
      continue
    }
    if (ticking.has(stock)) ticks.push(packTicks(ownTicks))
    const preClose = bars.preClose[day]! / 1000
    minutes.set(k, tickMinutes(ownTicks), preClose)
    pulses.set(k, { regime, volatility: bars.path.ownSd[day]! * Math.sqrt(DAYS_PER_YEAR / meanSquare(regime)), lastClose: preClose })
  }
  keep(checkpoints)
  const midnight = instantOf(date, 0)
  return {
    date,
    minutes,
    ticks,
    status,
    halted,
    *statesAt(slot, version) {
      for (const [k, { regime, volatility, lastClose }] of pulses) {
        const bar = minutes.minute(k, slot)
        const state = MARKET_STATES[regime.state[slot]!]!
        yield {
          symbol: minutes.codes[k]!,
          currentPrice: bar?.close ?? lastClose,
          volatility: volatility * REGIMES[state].volatility,
          trend: REGIMES[state].drift,
          marketState: state,
          nextTransitionMinutes: regime.left[slot]!,
          lastBarTime: bar === undefined ? undefined : midnight + slotLabel(slot),
          version,
        }
      }
    },
    regimesAt(slot) {
      const stocks = MARKET_STATES.map(() => 0)
      for (const { regime } of pulses.values()) stocks[regime.state[slot]!]!++
      return Object.fromEntries(MARKET_STATES.map((state, i) => [state, stocks[i]!]))
    },
    *pricesAt(slot, quotes) {
      const at = midnight + slotLabel(slot)
      for (const k of pulses.keys()) {
        const soFar = minutes.soFar(k, slot)
        if (soFar === undefined) continue
        const { close: price, ...bar } = soFar
        const [bid1, ask1] = quotes.get(minutes.codes[k]!) ?? [NaN, NaN]
        yield { symbol: minutes.codes[k]!, ...bar, price, previousClose: minutes.previousClose(k), bid1, ask1, at }
      }
    },
  }
}

/** Mean square of the volatility multiplier over the day: what the day's standard deviation contains of the regimes. */
function meanSquare({ state }: RegimeMinutes): number {
  let sum = 0
  for (let minute = 0; minute < state.length - 1; minute++) sum += REGIMES[MARKET_STATES[state[minute]!]!].volatility ** 2
  return sum / (state.length - 1)
}
