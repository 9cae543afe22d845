import { exp, ln } from '#numeric/fmath.ts'
import type { DailyBars } from './daily-bars.ts'
import type { World } from './world.ts'

/** 融资融券: one stock on one day. Money in whole CNY, volumes in shares, `shortValue` in whole fen. */
export interface MarginDay {
  balance: number
  bought: number
  repaid: number
  short: number
  sold: number
  returned: number
  shortValue: number
}

const MOMENTUM_DAYS = 20

/** Usual balance as a part of the float's value, and usual shorts as a part of the float. */
const USUAL_BALANCE = 0.025
const USUAL_SHORT = 0.0004

/** How much of the distance to the usual a day makes up. */
const PULL = 0.03

/**
 * Walk the margin account of one stock through the days it is a target, calling `visit` for each with a record that is used again: balances follow
 * balance(t) = balance(t−1) + bought − repaid exactly. Buying is 5 to 12 % of the day's amount, more after rises (spec simulator §9.7). A stock that becomes a target inside the
 * world begins with nothing, and what it owed is settled when it is one no longer.
 */
export function walkMargin(world: World, own: DailyBars, isTarget: Uint8Array, until: number, visit: (day: number, margin: MarginDay) => void): void {
  const { stock } = own
  const stream = world.stream('margin', stock.code)
  const [usual, usualShort] = [USUAL_BALANCE * exp(0.5 * stream.normal()), USUAL_SHORT * exp(0.8 * stream.normal())]
  const margin: MarginDay = { balance: 0, bought: 0, repaid: 0, short: 0, sold: 0, returned: 0, shortValue: 0 }
  const returns = new Float64Array(MOMENTUM_DAYS)
  let [traded, momentum, close] = [0, 0, stock.initialPrice]
  for (let day = 0; day <= until; day++) {
    const isTraded = own.volume[day]! > 0
    if (isTraded) {
      const slot = traded++ % MOMENTUM_DAYS
      close = own.close[day]!
      momentum -= returns[slot]!
      momentum += returns[slot] = ln(close / own.preClose[day]!)
    }
    if (isTarget[day] === 0) {
      margin.balance = margin.short = 0
      continue
    }
    stream.at(world.dates[day]!)
    const [u1, u2, u3, u4] = [stream.next(), stream.next(), stream.next(), stream.next()]
    const float = own.totalShares[day]! * stock.floatRatio
    const wanted = usual * float * (close / 1000)
    const wantedShort = usualShort * float
    if (day === 0) {
      margin.balance = Math.round(wanted * (0.8 + 0.4 * u4))
      margin.short = 100 * Math.round((wantedShort * (0.5 + u3)) / 100)
    }
    margin.bought = isTraded ? Math.round((own.amount[day]! / 1000) * (0.05 + 0.07 * u1) * Math.max(0.4, Math.min(1.8, 1 + 2.5 * momentum))) : 0
    const due = margin.balance + margin.bought
    margin.repaid = Math.min(due, Math.max(0, Math.round(margin.bought * (0.85 + 0.3 * u2) + PULL * (margin.balance - wanted))))
    margin.balance = due - margin.repaid
    margin.sold = isTraded ? 100 * Math.floor((own.volume[day]! * (0.0002 + 0.0016 * u3)) / 100) : 0
    const lent = margin.short + margin.sold
    margin.returned = Math.min(lent, 100 * Math.max(0, Math.round((margin.sold * (0.7 + 0.6 * u4) + PULL * (margin.short - wantedShort)) / 100)))
    margin.short = lent - margin.returned
    margin.shortValue = (margin.short * close) / 10
    visit(day, margin)
  }
}
