import { aShareCalendar } from '#core/a-share-calendar.ts'
import { minutesOf, readInterval } from '#core/kline-interval.ts'
import { instantOf } from '#core/shanghai-time.ts'
import { tradeDate, type TradeDate } from '#core/trade-date.ts'
import type { Page } from 'playwright-core'

const HOUR = 3_600_000
const MINUTE = 60_000

/** A request for bars as the page made it, and what a test may say to it instead of bars. */
export interface AskedBars {
  readonly interval: string
  readonly adjust: string
  readonly limit: number
  readonly cursor: string | undefined
  readonly etag: string | undefined
  /** How many bars were answered; undefined for a refusal. */
  readonly count: number | undefined
}

export interface FakeBars {
  readonly asked: readonly AskedBars[]
  /** Refuse requests of which this is true, with this status and code. */
  refuse: ((asked: AskedBars) => { readonly status: number; readonly code: string } | undefined) | undefined
  /** Wait so long before each answer with a cursor, ms. */
  slowPages: number
  /** What the newest bar closes at; another value is another ETag. */
  close: number
}

/** Bars of every interval up to 2026-01-05 15:00, `years` long, paged by cursors that are places, each bar as high as its place: what is missing or twice is seen. */
export async function answerBars(page: Page, { days = 400, finalTo = Infinity }: { days?: number; finalTo?: number } = {}): Promise<FakeBars> {
  const asked: AskedBars[] = []
  const fake: FakeBars = { asked, refuse: undefined, slowPages: 0, close: 20 }
  const series = new Map<string, readonly number[]>()
  await page.route(/\/api\/klines(\?|$)/, async (route) => {
    const search = new URL(route.request().url()).searchParams
    const interval = search.get('interval')!
    const times = series.get(interval) ?? labels(interval, days)
    series.set(interval, times)
    const [limit, cursor, end] = [Number(search.get('limit')), search.get('cursor') ?? undefined, Number(search.get('end') ?? Infinity)]
    const one = { interval, adjust: search.get('adjust')!, limit, cursor, etag: (await route.request().allHeaders())['if-none-match'] }
    const refusal = fake.refuse?.({ ...one, count: undefined })
    if (refusal !== undefined) {
      asked.push({ ...one, count: undefined })
      return route.fulfill({ status: refusal.status, json: { code: refusal.code, message: `refused: ${refusal.code}`, details: {}, request_id: 'r' } })
    }
    const etag = `"${interval} ${fake.close}"`
    if (one.etag === etag) {
      asked.push({ ...one, count: 0 })
      return route.fulfill({ status: 304 })
    }
    if (cursor !== undefined && fake.slowPages > 0) await new Promise((done) => setTimeout(done, fake.slowPages))
    const [way, place] = cursor?.split('.') ?? ['prev', String(times.filter((time) => time <= end).length)]
    const [from, to] = way === 'prev' ? [Math.max(0, Number(place) - limit), Number(place)] : [Number(place), Math.min(times.length, Number(place) + limit)]
    const time = times.slice(from, to)
    const close = time.map((_, i) => (from + i === times.length - 1 ? fake.close : 10 + (from + i) / 1000))
    asked.push({ ...one, count: time.length })
    await route.fulfill({
      headers: { etag },
      json: {
        code: 0,
        message: 'ok',
        data: {
          symbol: '600519.SH',
          interval,
          adjust: one.adjust,
          label: 'end',
          timezone: 'Asia/Shanghai',
          source: 'sim',
          count: time.length,
          klines: {
            time,
            open: close.map((value) => value - 0.01),
            high: close.map((value) => value + 0.02),
            low: close.map((value) => value - 0.03),
            close,
            volume: close.map(() => 100_000),
            amount: close.map((value) => value * 100_000),
            final: time.map((at) => at <= finalTo),
          },
          prev_cursor: from > 0 ? `prev.${from}` : null,
          next_cursor: to < times.length ? `next.${to}` : null,
          latest_time: times.at(-1) ?? null,
        },
      },
    })
  })
  return fake
}

/** End labels of an interval on the market days up to 2026-01-05, ascending, epoch ms. */
function labels(name: string, count: number): readonly number[] {
  const interval = readInterval(name)!
  const last = tradeDate(20260105)
  const days = Array.from({ length: count }, (_, i) => (i === count - 1 ? last : aShareCalendar.shift(last, i - count + 1)))
  const close = (day: TradeDate) => instantOf(day, 15 * HOUR)
  const minutes = minutesOf(interval)
  if (minutes === undefined) return days.filter((_, i) => (count - 1 - i) % (interval === '1d' ? 1 : interval === '1w' ? 5 : 20) === 0).map(close)
  return days.flatMap((day) =>
    Array.from({ length: 240 / minutes }, (_, i) => {
      const end = (i + 1) * minutes
      return instantOf(day, 9.5 * HOUR + end * MINUTE + (end > 120 ? 1.5 * HOUR : 0))
    }),
  )
}
