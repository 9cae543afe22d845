import { grainClassOf } from '#core/tick.ts'
import { isContinuous, SEGMENTS } from '#core/session.ts'
import { clockTime, instantOf } from '#core/shanghai-time.ts'
import { classifiedDay, quotedStocks } from '#warehouse/classified-day.ts'
import { tickDays } from '#warehouse/tick-days.ts'
import { z } from 'zod'
import { codeParam, known, limitParam, tradeDateParam } from '../fields.ts'
import { defineRoute, Refusal, type RouteContext } from '../route.ts'

/** A time of day as HH:MM or HH:MM:SS, in milliseconds after midnight. */
const timeParam = z
  .string()
  .regex(/^\d\d:\d\d(?::\d\d)?$/, 'a time of day is HH:MM or HH:MM:SS')
  .transform((text, context) => {
    try {
      return clockTime(text)
    } catch (error) {
      // Expected: RangeError from clockTime() on user text.
      context.addIssue({ code: 'custom', message: (error as Error).message })
      return z.NEVER
    }
  })

const STEP_MS = { '1s': 1_000, '3s': 3_000, '1m': 60_000 } as const

const row = z.object({
  at: z.number().describe('epoch ms where the step begins'),
  segment: z.string(),
  price: z.number().describe('CNY, last of the step'),
  high: z.number().describe('CNY'),
  low: z.number().describe('CNY'),
  volume: z.number().describe('shares'),
  value: z.number().describe('CNY'),
  buyValue: z.number().describe('CNY that was buyer-initiated'),
  sellValue: z.number().describe('CNY that was seller-initiated'),
  side: z.number().describe('1 mostly bought, -1 mostly sold, 0 neither'),
  records: z.number(),
  big: z.number().describe('records of at least the threshold, in continuous trading'),
  bigNet: z.number().describe('CNY of big records, bought - sold'),
})

type Row = z.output<typeof row>

/** 逐笔带: the tape of one stock and day in steps of a second, three or a minute, oldest first. Steps without a trade are absent; of more than `limit` the newest. */
export const microTicks = defineRoute({
  path: 'GET /api/micro/ticks',
  summary: 'The tape of one stock and day, sides judged and big records marked',
  query: z.object({
    ts_code: codeParam,
    date: tradeDateParam,
    from: timeParam.optional(),
    to: timeParam.optional(),
    agg: z.enum(['1s', '3s', '1m']).default('3s'),
    limit: limitParam(5000, 2000),
  }),
  reply: z.object({
    code: z.string(),
    date: z.number().describe('YYYYMMDD'),
    agg: z.string(),
    grain: z.string().nullable().describe('TBT, AGG3S, SNAPDIFF, BAR1M; null = no ticks of that day'),
    source: z.string().nullable(),
    threshold: known.describe('CNY; null = not sampled, no record is marked big'),
    truncated: z.boolean().describe('earlier steps of the range were left out'),
    rows: z.array(row),
  }),
  maxAge: 0,
  async handle({ ts_code: code, date, from, to, agg, limit }, { engine }) {
    if (from !== undefined && to !== undefined && from > to)
      throw new Refusal(400, 'BAD_PARAM', 'Cannot read the request: from lies after to. Swap them', { parameter: 'from' })
    for await (const { day: raw, source } of tickDays(engine, date, { codes: [code] })) {
      const judged = await classifiedDay(engine, raw, await quotedStocks(engine, date, [code]))
      const threshold = await thresholdOf(engine, code, date, grainClassOf(raw.grain))
      const until = to === undefined ? Infinity : instantOf(date, to)
      const rows = stepsOf(judged, instantOf(date, from ?? 0), until, STEP_MS[agg], threshold ?? Infinity)
      return { code, date, agg, grain: raw.grain, source, threshold: threshold ?? null, truncated: rows.length > limit, rows: rows.slice(-limit) }
    }
    return { code, date, agg, grain: null, source: null, threshold: null, truncated: false, rows: [] }
  },
})

async function thresholdOf(engine: RouteContext['engine'], code: string, date: number, grainClass: string): Promise<number | undefined> {
  const [found] = await engine.rows<{ threshold: number }>(
    `select toFloat64(threshold) as threshold from fupan.big_trade_threshold
     where ts_code = {code:String} and trade_date = {date:UInt32} and grain_class = {grainClass:String}`,
    { params: { code, date, grainClass } },
  )
  return found?.threshold
}

/** Records of one step of the clock and one segment as a row; a step is never split over two segments. `from` and `until` are inclusive instants, `threshold` is CNY. */
function stepsOf({ day, segments, sides }: Awaited<ReturnType<typeof classifiedDay>>, from: number, until: number, step: number, threshold: number): Row[] {
  const rows: Row[] = []
  let last: Row | undefined
  for (let i = 0; i < day.length; i++) {
    const at = day.at[i]!
    if (at < from || at > until) continue
    const segment = SEGMENTS[segments[i]!]!
    const begins = Math.floor(at / step) * step
    const price = day.price[i]! / 1000
    if (last?.at !== begins || last.segment !== segment) {
      last = { at: begins, segment, price, high: price, low: price, volume: 0, value: 0, buyValue: 0, sellValue: 0, side: 0, records: 0, big: 0, bigNet: 0 }
      rows.push(last)
    }
    const value = day.amount[i]! / 1000
    const bought = sides.buyFraction[i]!
    const isJudged = !Number.isNaN(bought)
    last.price = price
    last.high = Math.max(last.high, price)
    last.low = Math.min(last.low, price)
    last.volume += day.volume[i]!
    last.value += value
    last.records++
    if (isJudged) {
      last.buyValue += value * bought
      last.sellValue += value * (1 - bought)
    }
    if (value < threshold || !isContinuous(segment)) continue
    last.big++
    last.bigNet += value * sides.side[i]!
  }
  // The same cut as of one aggregate record (spec microstructure §3): above 0.6 bought, below 0.4 sold.
  for (const one of rows) {
    const share = one.buyValue / (one.buyValue + one.sellValue)
    one.side = share > 0.6 ? 1 : share < 0.4 ? -1 : 0
  }
  return rows
}
