import type { CandidateRow } from '#core/candidate.ts'
import type { Market } from './market.ts'
import type { LiveOrder } from './order-book.ts'
import type { UnfilledCandidate } from './result.ts'
import { SUSPENDED } from './stock-columns.ts'

/** Market days after `validFor` whose close ends the hypothetical holding. */
const HOLDING = 5

/** The candidates of a finished run that led to no purchase, and why: the fate of the last order for them, or that none was placed. */
export function unfilledCandidates(
  market: Market,
  candidates: readonly CandidateRow[],
  orders: readonly LiveOrder[],
  fromDay: number,
  toDay: number,
): UnfilledCandidate[] {
  if (candidates.length === 0) return []
  const days = market.days.length
  const bought = new Set<number>()
  const fate = new Map<number, LiveOrder>()
  for (const order of orders) {
    if (order.side !== 'buy') continue
    const key = order.stock * days + order.createdDay
    if (order.filledShares > 0) bought.add(key)
    fate.set(key, order)
  }
  const unfilled: UnfilledCandidate[] = []
  for (const candidate of candidates) {
    const day = market.place(candidate.validFor)
    const stock = market.stock(candidate.code)
    if (day === undefined || stock === undefined || day < fromDay || day > toDay) continue
    const key = stock * days + day
    if (bought.has(key)) continue
    const reason = fate.get(key)?.reason ?? 'no_entry'
    unfilled.push({ candidate, reason: reason === 'condition_not_met' ? 'no_entry' : reason, hypotheticalReturn: hypotheticalReturn(market, stock, day) })
  }
  return unfilled
}

function hypotheticalReturn(market: Market, stock: number, day: number): number {
  const { open, close, adjFactor, flags, first, length } = market.stocks[stock]!
  const from = day - first
  const to = from + HOLDING
  if (from < 0 || to >= length || flags[from]! & SUSPENDED) return NaN
  return (close[to]! * adjFactor[to]!) / (open[from]! * adjFactor[from]!) - 1
}
