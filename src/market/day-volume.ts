import { SEGMENT, sessionRulesOn } from '#core/session.ts'
import type { TradeDate } from '#core/trade-date.ts'
import { exp, ln } from '#numeric/fmath.ts'
import type { DailyBars } from './daily-bars.ts'
import { VOLUME_AFTER } from './intraday-profile.ts'
import type { Stream } from './keyed-stream.ts'
import { DAYS_PER_YEAR } from './market-factors.ts'
import type { Stock } from './stock.ts'
import type { World } from './world.ts'

/** What the volume of a day depends on beside its prices. */
interface VolumeDay {
  readonly day: number
  /** ln of the stock's own memory of volume. */
  readonly calm: number
  /** ln of the volatility multiplier, the market's part included. */
  readonly logVolatility: number
  /** Multipliers of the fast regime and of a hot day. */
  readonly regime: number
  readonly hot: number
  /** Shares outstanding. */
  readonly shares: number
}

/** Trading while sealed at a limit, as a part of the usual (spec simulator §5.2): since the open, and later. */
const SEALED_ALL_DAY = 0.05
const SEALED = 0.12

/** After-hours volume as a part of the day's (spec simulator §5.2). */
const AFTER_HOURS_SHARE = 0.003

/** Minutes of continuous trading: a burst may begin in any of them. */
const LAST_MINUTE = VOLUME_AFTER.length - 1

/**
 * 量: fill a day's volume, amount and after-hours volume from its prices: the usual turnover, times memory, times the market's and its own volatility,
 * times the eagerness of the day's move, less what a sealed board keeps out. The amount is four blocks at open, high, low, close (0.2, 0.2, 0.2, 0.4),
 * exact in whole 厘: with most of the variance in the first hour, the price has gone two thirds of its way when the mean share trades.
 */
export function drawDayVolume(world: World, bars: DailyBars, of: VolumeDay, stream: Stream): void {
  const { stock } = bars
  const { day, calm, logVolatility } = of
  const [open, high, low, close] = [bars.open[day]!, bars.high[day]!, bars.low[day]!, bars.close[day]!]
  const preClose = bars.preClose[day]!
  const [move, gap] = [Math.abs(ln(close / preClose)), Math.abs(ln(open / preClose))]
  const usual = (stock.sigma * 2) / Math.sqrt(DAYS_PER_YEAR)
  const market = world.factors.market.logVolatility[day]!
  const eager = (0.78 + 0.22 * Math.min(5, move / usual)) * (1 + 0.06 * Math.min(6, gap / usual)) * of.hot * of.regime
  const listing = stock.listDay >= 0 ? 1 + 25 * exp(-Math.min(day - stock.listDay, 400) / 5) : 1
  const model = exp(calm + 0.6 * market + 0.45 * (logVolatility - 0.35 * market) + 0.08 * stream.normal()) * world.factors.cycleVolume[day]!
  const float = stock.floatRatio * of.shares
  const shares = Math.min(0.6 * float, float * stock.turnover * model * eager * listing * openShare(bars, day))
  const lots = Math.max(stock.lot === 1 ? 50_000 : 500, Math.round(shares / stock.lot))
  const part = Math.floor(0.2 * lots)
  bars.volume[day] = lots * stock.lot
  bars.amount[day] = ((open + high + low) * part + close * (lots - 3 * part)) * stock.lot
  const extra = Math.round(lots * AFTER_HOURS_SHARE * (0.5 + stream.next()))
  if (hasAfterHours(world.dates[day]!, stock)) bars.afterHours[day] = extra * stock.lot
}

/** Part of the usual volume that trades although the board is sealed: from about the minute the price reached the limit on. 1 on other days. */
function openShare({ open, close, high, low, limitUp, limitDown, preClose, path }: DailyBars, day: number): number {
  if (close[day] !== limitUp[day] && close[day] !== limitDown[day]) return 1
  if (high[day] === low[day]) return SEALED_ALL_DAY
  const limit = ln(close[day]! / preClose[day]!)
  const burst = path.burst[day]!
  const [from, length] = burst * limit > 0 ? [path.burstFrom[day]!, path.burstLength[day]!] : [0, LAST_MINUTE + 1]
  const way = path.closeAt[day]! - path.openAt[day]!
  const share = open[day] === close[day] ? 0 : Math.max(0, Math.min(1, (limit - path.openAt[day]!) / way))
  return 1 - (1 - SEALED) * VOLUME_AFTER[Math.min(LAST_MINUTE, Math.floor(from + length * share))]!
}

/** Whether the timetable of the day has after-hours trading at the close (dated rules: STAR 2019, ChiNext 2020, all since 2026-07-06). */
function hasAfterHours(date: TradeDate, { exchange, board }: Stock): boolean {
  return sessionRulesOn(date, exchange, board).ordinals.includes(SEGMENT.AH_FIXED)
}
