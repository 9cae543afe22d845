import type { TradeDate } from '#core/trade-date.ts'
import type { Stream } from './keyed-stream.ts'

/** The first two draws of a stock's day: overnight news (Student t) and the session's own shock (standard normal). Begins the date's epoch of the `path` stream. */
export function ownShocks(path: Stream, date: TradeDate): readonly [overnight: number, session: number] {
  path.at(date)
  return [path.heavyTailed(), path.normal()]
}
