import { aShareCalendar } from '#core/a-share-calendar.ts'
import { numbers } from '#core/frame.ts'
import { clockTime, instantOf } from '#core/shanghai-time.ts'
import { tradeDate } from '#core/trade-date.ts'
import { expect, test } from 'vitest'
import { dailyBars } from './daily-bars.ts'
import { minuteFrame } from './minute-frame.ts'
import { tickDay } from './tick-path.ts'
import { createWorld } from './world.ts'

const dates = aShareCalendar.dates(tradeDate(20260105), tradeDate(20260116))
const world = createWorld({ seed: 8, size: 20, dates })

test('minuteFrame() has 241 labelled bars of each stock-day that sum to its daily bar exactly', () => {
  const all = world.stocks.map((stock) => dailyBars(world, stock))
  const days = all.flatMap((bars) => {
    const ticks = tickDay(world, bars, 9)
    return ticks === undefined ? [] : [{ ticks, stock: bars.stock, bars }]
  })
  const frame = minuteFrame(days, 'simulator')
  expect(frame.length).toBe(241 * days.length)
  const column = (name: string, k: number) => [...numbers(frame, name)].slice(241 * k, 241 * (k + 1))
  const midnight = instantOf(dates[9]!, 0)
  for (const [k, { bars }] of days.entries()) {
    const at = column('at', k).map((label) => label - midnight)
    expect([at[0], at[1], at[120], at[121], at[240]]).toEqual(['09:30', '09:31', '11:30', '13:01', '15:00'].map(clockTime))
    const [open, high, low, close, volume, amount] = ['open', 'high', 'low', 'close', 'volume', 'amount'].map((name) => column(name, k))
    const traded = volume!.map((shares) => shares > 0)
    expect(open![0]).toBe(bars.open[9]! / 1000)
    expect(close![240]).toBe(bars.close[9]! / 1000)
    expect(Math.max(...high!)).toBe(bars.high[9]! / 1000)
    expect(Math.min(...low!.filter((_, slot) => traded[slot]))).toBe(bars.low[9]! / 1000)
    expect(volume!.reduce((sum, shares) => sum + shares, 0)).toBe(bars.volume[9])
    expect(Math.round(amount!.reduce((sum, cny) => sum + Math.round(cny * 1000), 0))).toBe(bars.amount[9])
    // The call auction runs from 14:57: two flat minutes without trades.
    expect([volume![238], volume![239]]).toEqual([0, 0])
    expect([open![239], high![239], low![239], close![239]]).toEqual(Array(4).fill(close![237]))
  }
})
