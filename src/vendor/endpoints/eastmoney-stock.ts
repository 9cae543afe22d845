import { z } from 'zod'
import { formatClock, timeOfDay } from '#core/shanghai-time.ts'
import { slotLabel } from '#core/session.ts'
import { formatDate, type EpochMs } from '#core/trade-date.ts'
import { askedFields, commonAsk, eastmoneyReply, secid } from '../eastmoney-reply.ts'
import { eastmoneyStockRow } from '../eastmoney-quotes.ts'
import { defineEndpoint, type VendorReply } from '../endpoint.ts'
import { shownQuotes } from '../shown-quotes.ts'
import { codeOfMarket } from '../symbols.ts'
import { servedDays, servedMinutes, type ServedBar } from '../vendor-bars.ts'

const one = { ...commonAsk, secid }
const lists = {
  ...one,
  fields1: z.string().max(200).default(''),
  fields2: z
    .string()
    .regex(/^[f0-9,\s]{0,400}$/)
    .default(''),
}

const codeOfSecid = (text: string) => codeOfMarket(Number(text[0]), text.slice(2)) ?? ''
const refuse = ({ cb }: { readonly cb?: string | undefined }): VendorReply => eastmoneyReply(null, cb)
const invalid = (): VendorReply => eastmoneyReply(null, undefined)

/** One stock with five levels. */
export const eastmoneyStock = defineEndpoint({
  vendor: 'eastmoney',
  path: 'GET /eastmoney/api/qt/stock/get',
  ask: z.object(one),
  subject: ({ secid: asked }) => ({ entity: codeOfSecid(asked) }),
  answer({ asked: { cb, fltt, fields, secid: asked } }, context) {
    const [shown] = shownQuotes(context, 'eastmoney', [codeOfSecid(asked)])
    if (shown === undefined) return eastmoneyReply(null, cb)
    const row = eastmoneyStockRow(shown.quote)
    return eastmoneyReply(askedFields(shown.isGarbled ? { ...row, f60: '-' } : row, fields, fltt === '2', false), cb)
  },
  refuse,
  invalid,
})

/** 分笔: the records of the day so far; `pos=-N` the last N, 0 all. */
export const eastmoneyTrades = defineEndpoint({
  vendor: 'eastmoney',
  path: 'GET /eastmoney/api/qt/stock/details/get',
  ask: z.object({ ...lists, pos: z.coerce.number().int().min(-100_000).max(0).default(0) }),
  subject: ({ secid: asked }) => ({ entity: codeOfSecid(asked) }),
  answer({ asked: { cb, secid: asked, fields2, pos } }, { desk, now }) {
    const code = codeOfSecid(asked)
    const [trades, quote] = [desk.trades(code, now()), desk.quote(code, now())]
    if (quote === undefined) return eastmoneyReply(null, cb)
    const hasSide = fields2 === '' || fields2.includes('f55')
    const details: string[] = []
    for (let i = pos === 0 ? 0 : Math.max(0, (trades?.length ?? 0) + pos); i < (trades?.length ?? 0); i++) {
      const { at, price, volume, tradeCount, vendorSide } = trades!.ticks
      const side = vendorSide[i] === 1 ? 2 : vendorSide[i] === -1 ? 1 : 4
      const cells = [formatClock(timeOfDay(at[i]! as EpochMs)), (price[i]! / 1000).toFixed(2), Math.round(volume[i]! / 100), tradeCount[i]!]
      details.push([...cells, ...(hasSide ? [side] : [])].join(','))
    }
    return eastmoneyReply({ code: code.slice(0, 6), market: Number(asked[0]), decimal: 2, prePrice: quote.prevClose, details }, cb)
  },
  refuse,
  invalid,
})

/** 分时: the minutes of the day that have ended: time, open, close, high, low, lots, amount, average; the row of 09:30 is the opening auction. */
export const eastmoneyTrends = defineEndpoint({
  vendor: 'eastmoney',
  path: 'GET /eastmoney/api/qt/stock/trends2/get',
  ask: z.object(lists),
  subject: ({ secid: asked }) => ({ entity: codeOfSecid(asked) }),
  answer({ asked: { cb, secid: asked } }, { desk, now }) {
    const code = codeOfSecid(asked)
    const date = desk.dateAt(now())
    const day = date === undefined ? undefined : desk.minutes(code, date, now())
    const quote = desk.quote(code, now())
    if (quote === undefined || date === undefined) return eastmoneyReply(null, cb)
    const trends: string[] = []
    let [volume, amount] = [0, 0]
    for (let slot = 0; slot < (day?.slots ?? 0); slot++) {
      const { bars } = day!
      volume += bars.volume[slot]!
      amount += bars.amount[slot]! / 1000
      const bar = {
        open: bars.open[slot]! / 1000,
        high: bars.high[slot]! / 1000,
        low: bars.low[slot]! / 1000,
        close: bars.close[slot]! / 1000,
        volume: bars.volume[slot]!,
        amount: bars.amount[slot]! / 1000,
      }
      trends.push(barText(`${formatDate(date)} ${formatClock(slotLabel(slot)).slice(0, 5)}`, bar, [(volume > 0 ? amount / volume : bar.close).toFixed(3)]))
    }
    return eastmoneyReply({ code: code.slice(0, 6), market: Number(asked[0]), name: quote.name, decimal: 2, preClose: quote.prevClose, trends }, cb)
  },
  refuse,
  invalid,
})

const KLT_MINUTES: Readonly<Record<string, number>> = { 1: 1, 5: 5, 15: 15, 30: 30, 60: 60 }

/** K 线: days (101) or minutes, unadjusted: time, open, close, high, low, lots, amount, amplitude, percent, change, turnover. */
export const eastmoneyKlines = defineEndpoint({
  vendor: 'eastmoney',
  path: 'GET /eastmoney/api/qt/stock/kline/get',
  ask: z.object({
    ...lists,
    klt: z.enum(['1', '5', '15', '30', '60', '101']).default('101'),
    fqt: z.literal('0').default('0'),
    beg: z
      .string()
      .regex(/^\d{1,8}$/)
      .default('0'),
    end: z
      .string()
      .regex(/^\d{8}$/)
      .default('20500101'),
    lmt: z.coerce.number().int().min(1).max(100_000).default(100_000),
  }),
  subject: ({ secid: asked }) => ({ entity: codeOfSecid(asked) }),
  answer({ asked: { cb, secid: asked, klt, beg, end, lmt } }, { desk, now }) {
    const code = codeOfSecid(asked)
    const stock = desk.stock(code)
    if (stock === undefined) return eastmoneyReply(null, cb)
    const [from, to] = [Number(beg), Number(end)]
    const minutes = KLT_MINUTES[klt]
    const bars = minutes === undefined ? servedDays(desk, code, now()) : servedMinutes(desk, code, minutes, from, to, now())
    const asText = (bar: ServedBar, k: number): string => {
      const clock = minutes === undefined ? '' : ` ${formatClock(timeOfDay(bar.at)).slice(0, 5)}`
      // The close of the bar before; the first bar is compared with its own open.
      const before = bars[k - 1]?.close ?? bar.open
      const share = (value: number) => ((100 * value) / before).toFixed(2)
      const turnover = (100 * bar.volume) / (stock.totalShares * stock.floatRatio)
      const change = bar.close - before
      return barText(`${formatDate(bar.date)}${clock}`, bar, [share(bar.high - bar.low), share(change), change.toFixed(2), turnover.toFixed(2)])
    }
    const klines = bars.map(asText).filter((_, k) => bars[k]!.date >= from && bars[k]!.date <= to)
    return eastmoneyReply({ code: code.slice(0, 6), market: Number(asked[0]), name: stock.name, decimal: 2, klines: klines.slice(-lmt) }, cb)
  },
  refuse,
  invalid,
})

/** One row in the vendor's order: open, close, high, low; lots and CNY. */
function barText(time: string, { open, close, high, low, volume, amount }: Omit<ServedBar, 'date' | 'at'>, rest: readonly string[]): string {
  return [time, ...[open, close, high, low].map((price) => price.toFixed(2)), Math.round(volume / 100), amount.toFixed(2), ...rest].join(',')
}
