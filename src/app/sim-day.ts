import { setImmediate as breathe } from 'node:timers/promises'
import { slotLabel } from '#core/session.ts'
import { instantOf } from '#core/shanghai-time.ts'
import type { TickDay } from '#core/tick.ts'
import type { TradeDate } from '#core/trade-date.ts'
import type { RealtimePrice, StockState } from '#ledger/live-market-state.ts'
import { DAYS_PER_YEAR } from '#market/market-factors.ts'
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
  readonly ticks: readonly TickDay[]
  /** `STATUS` of every stock of the world, in its order. */
  readonly status: Uint8Array
  /** Stocks listed but without trading. */
  readonly halted: number
  /** Where every stock stands after the day. */
  readonly checkpoints: ReadonlyMap<string, StockCheckpoint>
  /** 状态 of every listed stock when minute `slot` is over. */
  statesAt(slot: number, version: number): readonly StockState[]
  /** Prices of every stock that has traded by then, with its best quotes (CNY) where they are known. */
  pricesAt(slot: number, quotes: ReadonlyMap<string, readonly [bid1: number, ask1: number]>): readonly RealtimePrice[]
}

interface Pulse {
  readonly regime: RegimeMinutes
  /** Own volatility per year at a regime multiplier of 1; NaN on a day without trading. */
  readonly volatility: number
  readonly lastClose: number
}

/**
 * Draw the last day of a world. Checkpoints taken after an earlier day save the walk up to it and change nothing. Holds minutes of all stocks (48 MB for 5,000) and ticks of
 * at most 800 (60 MB). Lets other work in between stocks; throws the signal's reason when it ends.
 */
export async function simDay(
  world: World,
  earlier: ReadonlyMap<string, StockCheckpoint>,
  signal: AbortSignal,
  progress: (done: number, total: number) => void = () => {},
): Promise<SimDay> {
  const day = world.dates.length - 1
  const date = world.dates[day]!
  const ticking = tickingStocks(world)
  const minutes = new LiveMinutes(
    date,
    world.stocks.map(({ code }) => code),
  )
  const pulses = new Map<number, Pulse>()
  const ticks: TickDay[] = []
  const checkpoints = new Map<string, StockCheckpoint>()
  const status = new Uint8Array(world.stocks.length)
  let halted = 0
  for (const [k, stock] of world.stocks.entries()) {
    if (k % 16 === 15) {
      await breathe()
      progress(k, world.stocks.length)
    }
    signal.throwIfAborted()
    const own = stockDay(world, stock, day, earlier.get(stock.code))
    if (own === undefined) continue
    checkpoints.set(stock.code, own.after)
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
    if (ticking.has(stock)) ticks.push(ownTicks)
    const preClose = bars.preClose[day]! / 1000
    minutes.set(k, tickMinutes(ownTicks), preClose)
    pulses.set(k, { regime, volatility: bars.path.ownSd[day]! * Math.sqrt(DAYS_PER_YEAR / meanSquare(regime)), lastClose: preClose })
  }
  const midnight = instantOf(date, 0)
  return {
    date,
    minutes,
    ticks,
    status,
    halted,
    checkpoints,
    statesAt(slot, version) {
      return Array.from(pulses, ([k, { regime, volatility, lastClose }]) => {
        const bar = minutes.minute(k, slot)
        const state = MARKET_STATES[regime.state[slot]!]!
        return {
          symbol: minutes.codes[k]!,
          currentPrice: bar?.close ?? lastClose,
          volatility: volatility * REGIMES[state].volatility,
          trend: REGIMES[state].drift,
          marketState: state,
          nextTransitionMinutes: regime.left[slot]!,
          lastBarTime: bar === undefined ? undefined : midnight + slotLabel(slot),
          version,
        }
      })
    },
    pricesAt(slot, quotes) {
      const at = midnight + slotLabel(slot)
      return Array.from(pulses.keys()).flatMap((k): readonly RealtimePrice[] => {
        const soFar = minutes.soFar(k, slot)
        if (soFar === undefined) return []
        const { close: price, ...bar } = soFar
        const [bid1, ask1] = quotes.get(minutes.codes[k]!) ?? [NaN, NaN]
        return [{ symbol: minutes.codes[k]!, ...bar, price, previousClose: minutes.previousClose(k), bid1, ask1, at }]
      })
    },
  }
}

/** Mean square of the volatility multiplier over the day: what the day's standard deviation contains of the regimes. */
function meanSquare({ state }: RegimeMinutes): number {
  let sum = 0
  for (let minute = 0; minute < state.length - 1; minute++) sum += REGIMES[MARKET_STATES[state[minute]!]!].volatility ** 2
  return sum / (state.length - 1)
}
