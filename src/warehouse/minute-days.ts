import type { Frame } from '#core/frame.ts'
import { admitTicks } from '#micro/admit-ticks.ts'
import { bulkBars } from '#micro/bulk-bars.ts'
import { toLabels } from '#core/frame.ts'
import type { ComputeRequest } from './table.ts'
import { tickDays } from './tick-days.ts'
import { segmentsOfDay } from './tick-segments.ts'

/** `dws_minute_bar`: the traded minutes of every stock with ticks, day after day. */
export async function* minuteDays({ engine, dates, codes, signal, progress }: ComputeRequest): AsyncIterable<Frame> {
  for (const [i, date] of dates.entries()) {
    const names: string[] = []
    const [minute, change, volume]: [number[], number[], number[]] = [[], [], []]
    for await (const { day } of tickDays(engine, date, { ...(codes === undefined ? {} : { codes }), ...(signal === undefined ? {} : { signal }) })) {
      const { day: admitted, segments } = admitTicks(day, segmentsOfDay(day))
      const bars = bulkBars(admitted, segments)
      for (let bar = 0; bar < bars.volume.length; bar++) {
        names.push(day.code)
        minute.push(bar + 1)
        change.push(bars.priceChange[bar]!)
        volume.push(bars.volume[bar]!)
      }
    }
    progress(i + 1, dates.length, 'days')
    yield {
      length: names.length,
      columns: {
        trade_date: new Uint32Array(names.length).fill(date),
        ts_code: toLabels(names),
        minute_no: Uint32Array.from(minute),
        price_change: Int32Array.from(change),
        volume: Float64Array.from(volume),
      },
    }
  }
}
