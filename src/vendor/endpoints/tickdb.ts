import { z } from 'zod'
import { dateOf } from '#core/shanghai-time.ts'
import type { EpochMs } from '#core/trade-date.ts'
import { defineEndpoint, jsonReply } from '../endpoint.ts'
import { servedDays, servedMinutes, servedPeriods, type ServedBar } from '../vendor-bars.ts'

const MINUTES: Readonly<Record<string, number>> = { '1m': 1, '5m': 5, '15m': 15, '30m': 30, '1h': 60, '2h': 120, '4h': 240 }

const instant = z.coerce.number().int().min(0).max(8e12)

/** K 线 of TickDB (spec pipeline §7.2): errors are in the body, numbers are text, at most 1,000 rows; page by time. `time` is the end of the bar. */
export const tickdbKlines = defineEndpoint({
  vendor: 'tickdb',
  path: 'GET /tickdb/v1/market/kline',
  ask: z.object({
    symbol: z.string().regex(/^[A-Z0-9.]{1,20}$/),
    interval: z.enum(['1m', '5m', '15m', '30m', '1h', '2h', '4h', '1d', '1w', '1M']),
    limit: z.coerce.number().int().min(1).max(1_000_000).default(100),
    start_time: instant.optional(),
    end_time: instant.optional(),
  }),
  subject: ({ symbol }) => ({ entity: symbol }),
  answer({ asked: { symbol, interval, limit, start_time: start = 0, end_time: end = Infinity }, headers }, { desk, now, plan, onFault, token }) {
    const key = headers['x-api-key']
    if (key === undefined) return problem(1002, 'API key is missing')
    if (key !== token) return problem(1001, 'API key is invalid or expired')
    if (desk.stock(symbol) === undefined) return problem(2002, `symbol ${symbol} is unknown`)
    if (limit > 1000) return problem(2004, 'limit is at most 1000')
    if (start > end) return problem(2003, 'start_time is after end_time')
    const minutes = MINUTES[interval]
    const [from, to] = [dateOf(start as EpochMs), end === Infinity ? 99_999_999 : dateOf(end as EpochMs)]
    const days = () => servedDays(desk, symbol, now())
    const all =
      minutes !== undefined
        ? servedMinutes(desk, symbol, minutes, from, to, now())
        : interval === '1d'
          ? days()
          : servedPeriods(days(), interval === '1w' ? 'week' : 'month')
    const inside = all.filter(({ at }) => at >= start && at <= end)
    // With a beginning: from there on; else the most recent ones.
    const page = start > 0 ? inside.slice(0, limit) : inside.slice(-limit)
    const shiftOf = (bar: ServedBar) => {
      if (plan.hit('zone_shift', `kline ${symbol}`, bar.date) === undefined) return 0
      onFault({ kind: 'zone_shift', entity: symbol, date: bar.date, at: bar.at, detail: { vendor: 'tickdb', interval, hours: 8 } })
      return 8 * 3_600_000
    }
    const klines = page.map((bar) => ({
      time: bar.at + shiftOf(bar),
      open: bar.open.toFixed(2),
      high: bar.high.toFixed(2),
      low: bar.low.toFixed(2),
      close: bar.close.toFixed(2),
      volume: String(bar.volume),
      quote_volume: bar.amount.toFixed(2),
    }))
    return jsonReply({ code: 0, message: 'success', data: { symbol, interval, klines } })
  },
  refuse: () => problem(3001, 'rate limit exceeded'),
  invalid: (why) => problem(2001, why),
})

function problem(code: number, message: string) {
  return jsonReply({ code, message, data: null })
}
