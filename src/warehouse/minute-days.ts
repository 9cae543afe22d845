import type { Frame } from '#core/frame.ts'
import type { TradeDate } from '#core/trade-date.ts'
import { admitTicks } from '#micro/admit-ticks.ts'
import { bulkBars } from '#micro/bulk-bars.ts'
import type { BulkBars } from '#micro/bulk-volume.ts'
import type { ComputeRequest } from './table.ts'
import { tickDays } from './tick-days.ts'
import { segmentsOfDay } from './tick-segments.ts'

/** `dws_minute_bar`: the traded minutes of every stock with ticks, day after day. */
export async function* minuteDays({ engine, dates, codes, signal, progress }: ComputeRequest): AsyncIterable<Frame> {
  for (const [i, date] of dates.entries()) {
    const stocks: { readonly code: string; readonly bars: BulkBars }[] = []
    for await (const { day } of tickDays(engine, date, { ...(codes === undefined ? {} : { codes }), ...(signal === undefined ? {} : { signal }) })) {
      const { day: admitted, segments } = admitTicks(day, segmentsOfDay(day))
      stocks.push({ code: day.code, bars: bulkBars(admitted, segments) })
    }
    progress(i + 1, dates.length, 'days')
    yield frameOfDay(date, stocks)
  }
}

function frameOfDay(date: TradeDate, stocks: readonly { readonly code: string; readonly bars: BulkBars }[]): Frame {
  const length = stocks.reduce((sum, { bars }) => sum + bars.volume.length, 0)
  const index = new Uint32Array(length)
  const minute = new Uint32Array(length)
  const change = new Int32Array(length)
  const volume = new Float64Array(length)
  let at = 0
  for (const [stock, { bars }] of stocks.entries()) {
    const rows = bars.volume.length
    index.fill(stock, at, at + rows)
    change.set(bars.priceChange, at)
    volume.set(bars.volume, at)
    for (let bar = 0; bar < rows; bar++) minute[at + bar] = bar + 1
    at += rows
  }
  return {
    length,
    columns: {
      trade_date: new Uint32Array(length).fill(date),
      ts_code: { index, values: stocks.map(({ code }) => code) },
      minute_no: minute,
      price_change: change,
      volume,
    },
  }
}
