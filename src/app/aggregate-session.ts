import type { LiveMinutes } from '#stream/live-minutes.ts'
import { marketKlineBuckets } from '#warehouse/dws/market_kline_buckets.ts'
import { bucketFrame } from '#warehouse/kline-buckets.ts'
import type { StockDayBars } from '#warehouse/kline-file-bars.ts'
import { Load } from '#warehouse/load.ts'
import type { App } from './app.ts'

/** The buckets of the session that runs, as they stand; the nightly build of the day replaces them by the same rows, all final. */
export async function aggregateSession(app: App, symbols?: readonly string[]): Promise<{ readonly buckets: number; readonly incomplete: number }> {
  const { runningMinutes: minutes } = app.live
  if (minutes === undefined || app.ledger.partitions.reader()(marketKlineBuckets.name, minutes.date) !== undefined) return { buckets: 0, incomplete: 0 }
  const frame = bucketFrame(minutes.date, sessionStocks(minutes, symbols), minutes.passed)
  if (frame.length === 0) return { buckets: 0, incomplete: 0 }
  const load = new Load(app.engine, app.ledger.nextVersion())
  try {
    await load.add(marketKlineBuckets, frame)
    await load.publish()
  } finally {
    await load.discard()
  }
  const final = frame.columns['is_final'] as Uint8Array
  return { buckets: frame.length, incomplete: final.reduce((sum, isFinal) => sum + 1 - isFinal, 0) }
}

function sessionStocks(minutes: LiveMinutes, symbols: readonly string[] | undefined): readonly StockDayBars[] {
  const wanted = symbols === undefined ? undefined : new Set(symbols)
  return minutes.codes.flatMap((code): readonly StockDayBars[] => {
    const day = wanted?.has(code) === false ? undefined : minutes.of(code)
    return day === undefined ? [] : [{ code, minutes: 1, bars: day.bars, source: 'simulator' }]
  })
}
