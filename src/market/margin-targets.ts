import type { DailyBars } from './daily-bars.ts'
import type { World } from './world.ts'

/** Part of the ranking by float value that may be bought on margin (spec simulator §3.3). */
const ELIGIBLE_SHARE = 0.6

/** Beijing stocks can be bought on margin from here on. */
const BEIJING_FROM = 20_230_213

/**
 * 融资融券标的: 1 on the days a stock may be bought on margin, by position in `bars`: the 60 % largest by float value, drawn anew on the first open day of each quarter from
 * the reference prices of that morning. `bars` are those of all stocks of the world.
 */
export function marginTargets({ dates }: World, bars: readonly DailyBars[]): readonly Uint8Array[] {
  const targets = bars.map(() => new Uint8Array(dates.length))
  let chosen: readonly number[] = []
  for (const [day, date] of dates.entries()) {
    if (day === 0 || quarterOf(date) !== quarterOf(dates[day - 1]!)) chosen = largest(bars, day, date)
    for (const k of chosen) if (!Number.isNaN(bars[k]!.adjFactor[day]!)) targets[k]![day] = 1
  }
  return targets
}

function quarterOf(date: number): number {
  return Math.floor(date / 10_000) * 4 + Math.floor(((Math.floor(date / 100) % 100) - 1) / 3)
}

function largest(bars: readonly DailyBars[], day: number, date: number): readonly number[] {
  const ranked = bars
    .map((own, k) => ({ k, code: own.stock.code, value: floatValue(own, day, date) }))
    .filter(({ value }) => value > 0)
    .toSorted((a, b) => b.value - a.value || (a.code < b.code ? -1 : 1))
  return ranked.slice(0, Math.round(ELIGIBLE_SHARE * ranked.length)).map(({ k }) => k)
}

/** Float value at the morning's reference price, the last close of a suspended stock; 0 for what cannot be a target: not listed before today, or too early for its exchange. */
function floatValue(own: DailyBars, day: number, date: number): number {
  const { stock } = own
  if (Number.isNaN(own.adjFactor[day]!) || stock.listDay >= day || (stock.exchange === 'BJ' && date < BEIJING_FROM)) return 0
  let at = day
  while (at > 0 && own.volume[at] === 0) at--
  const price = own.volume[day]! > 0 ? own.preClose[day]! : own.volume[at]! > 0 ? own.close[at]! : stock.initialPrice
  return price * own.totalShares[day]! * stock.floatRatio
}
