import { exchangeOf } from '#core/code.ts'
import { frameOf, type Frame } from '#core/frame.ts'
import { MINUTE_SLOTS, sessionRulesOn, slotLabel } from '#core/session.ts'
import { instantOf } from '#core/shanghai-time.ts'
import type { TickDay } from '#core/tick.ts'
import { minuteBars } from './minute-bars.ts'
import type { Stock } from './stock.ts'

/** One-minute rows of `ods_minute_bar`: 241 of each stock-day, CNY and shares, the 09:30 bar the opening auction alone; minutes without trades are flat with volume 0. */
export function minuteFrame(days: readonly { readonly ticks: TickDay; readonly stock: Stock }[], source: string): Frame {
  const length = days.length * MINUTE_SLOTS
  const column = () => new Float64Array(length)
  const [open, high, low, close, volume, amount, at] = [column(), column(), column(), column(), column(), column(), column()]
  const date = new Uint32Array(length)
  const code = new Uint32Array(length)
  for (const [k, { ticks, stock }] of days.entries()) {
    const base = k * MINUTE_SLOTS
    const bars = minuteBars(ticks, sessionRulesOn(ticks.date, exchangeOf(ticks.code), stock.board))
    const midnight = instantOf(ticks.date, 0)
    date.fill(ticks.date, base, base + MINUTE_SLOTS)
    code.fill(k, base, base + MINUTE_SLOTS)
    for (let slot = 0; slot < MINUTE_SLOTS; slot++) {
      const row = base + slot
      at[row] = midnight + slotLabel(slot)
      open[row] = bars.open[slot]! / 1000
      high[row] = bars.high[slot]! / 1000
      low[row] = bars.low[slot]! / 1000
      close[row] = bars.close[slot]! / 1000
      volume[row] = bars.volume[slot]!
      amount[row] = bars.amount[slot]! / 1000
    }
  }
  return frameOf({
    trade_date: date,
    ts_code: { index: code, values: days.map(({ ticks }) => ticks.code) },
    minutes: new Uint32Array(length).fill(1),
    at,
    open,
    high,
    low,
    close,
    volume,
    amount,
    source: { index: new Uint32Array(length), values: [source] },
  })
}
