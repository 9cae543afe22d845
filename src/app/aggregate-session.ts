import type { TradeDate } from '#core/trade-date.ts'
import type { StockSpan } from '#stream/live-minutes.ts'
import { marketKlineBuckets } from '#warehouse/dws/market_kline_buckets.ts'
import { bucketFrame, type DayToFold } from '#warehouse/kline-buckets.ts'
import { Load } from '#warehouse/load.ts'
import type { App } from './app.ts'

/** Stocks folded at a time: at the end of a day unheard of so far 40,000 rows. */
const STOCKS = 500

/**
 * The buckets of the session that runs, as they stand: those that were over at the cycle before are stored already and left alone. The nightly build of the day replaces them by the same
 * rows, all final.
 */
export async function aggregateSession(app: App, symbols?: readonly string[]): Promise<{ readonly buckets: number; readonly incomplete: number }> {
  const written = { buckets: 0, incomplete: 0 }
  const { runningMinutes: minutes } = app.live
  if (minutes === undefined || app.ledger.partitions.reader()(marketKlineBuckets.name, minutes.date) !== undefined) return written
  const { passed } = minutes
  const codes = symbols === undefined ? minutes.codes : minutes.codes.filter((code) => symbols.includes(code))
  const load = new Load(app.engine, app.ledger.nextVersion())
  try {
    for (let at = 0; at < codes.length; at += STOCKS) {
      const { bars, stocks } = minutes.together(codes.slice(at, at + STOCKS), passed)
      const frame = bucketFrame(
        bars,
        stocks.map((stock) => dayToFold(minutes.date, stock, symbols === undefined ? minutes.foldedTo : -1)),
        passed,
      )
      if (frame.length === 0) continue
      await load.add(marketKlineBuckets, frame)
      written.buckets += frame.length
      written.incomplete += (frame.columns['is_final'] as Uint8Array).reduce((sum, isFinal) => sum + 1 - isFinal, 0)
    }
    await load.publish()
    if (symbols === undefined) minutes.foldedTo = passed
  } finally {
    await load.discard()
  }
  return written
}

/** A stock that trades for the first time has its quiet minutes before that folded with it. */
function dayToFold(date: TradeDate, { code, start, end, firstTrade }: StockSpan, storedTo: number): DayToFold {
  return { code, date, source: 'simulator', minutes: 1, start, end, storedTo: firstTrade > storedTo ? -1 : storedTo }
}
