import { z } from 'zod'
import { slotLabel } from '#core/session.ts'
import { formatClock, timeOfDay } from '#core/shanghai-time.ts'
import type { EpochMs } from '#core/trade-date.ts'
import { defineEndpoint, jsonReply, type VendorReply } from '../endpoint.ts'
import { encodeGbk } from '../gbk.ts'
import { shownQuotes } from '../shown-quotes.ts'
import { codeOfPrefixed } from '../symbols.ts'
import { tencentLine } from '../tencent-quotes.ts'

const SYMBOL = '(?:sh|sz|bj)\\d{6}'
const symbol = z.string().regex(new RegExp(`^${SYMBOL}$`))

function gbkReply(text: string): VendorReply {
  return { type: 'text/html; charset=GBK', body: encodeGbk(text) }
}

const NOBODY = gbkReply('v_pv_none_match="1";')

/** 行情: one line per symbol, at most 60. */
export const tencentQuotes = defineEndpoint({
  vendor: 'tencent',
  path: 'GET /tencent/q=:symbols',
  ask: z.object({ symbols: z.string().regex(new RegExp(`^${SYMBOL}(?:,${SYMBOL}){0,59}$`)) }),
  subject: () => ({ entity: 'qt' }),
  answer({ asked: { symbols } }, context) {
    const codes = symbols.split(',').flatMap((each) => codeOfPrefixed(each) ?? [])
    const lines = shownQuotes(context, 'tencent', codes).flatMap(({ quote, isGarbled, isRepeated }) => {
      const line = tencentLine(quote)
      // A field too many in the middle: every later one is read as its neighbour.
      return isGarbled ? [line.replace(/^((?:[^~]*~){10})/, '$10.00~')] : isRepeated ? [line, line] : [line]
    })
    return lines.length === 0 ? NOBODY : gbkReply(`${lines.join('\n')}\n`)
  },
  refuse: () => gbkReply(''),
  invalid: () => NOBODY,
})

/** 分时: price, and volume and turnover since the open, cumulative, of every minute that has ended. */
export const tencentMinutes = defineEndpoint({
  vendor: 'tencent',
  path: 'GET /tencent/appstock/app/minute/query',
  ask: z.object({ code: symbol }),
  subject: ({ code }) => ({ entity: codeOfPrefixed(code) ?? '' }),
  answer({ asked: { code: asked } }, { desk, now }) {
    const code = codeOfPrefixed(asked) ?? ''
    const date = desk.dateAt(now())
    const day = date === undefined ? undefined : desk.minutes(code, date, now())
    if (date === undefined || desk.quote(code, now()) === undefined) return jsonReply({ code: -1, msg: 'bad params', data: {} })
    const isStar = /^sh68[89]/.test(asked)
    const rows: string[] = []
    let [volume, amount] = [0, 0]
    for (let slot = 0; slot < (day?.slots ?? 0); slot++) {
      volume += day!.bars.volume[slot]!
      amount += day!.bars.amount[slot]! / 1000
      const clock = formatClock(slotLabel(slot)).slice(0, 5).replace(':', '')
      rows.push(`${clock} ${(day!.bars.close[slot]! / 1000).toFixed(2)} ${Math.round(volume / (isStar ? 1 : 100))} ${amount.toFixed(2)}`)
    }
    return jsonReply({ code: 0, msg: '', data: { [asked]: { data: { data: rows, date: String(date) }, qt: {} } } })
  },
  refuse: () => jsonReply({ code: -1, msg: 'system busy', data: {} }),
  invalid: () => jsonReply({ code: -1, msg: 'bad params', data: {} }),
})

const TRADES_PER_PAGE = 70

/** 分笔: 70 records a page, from 0 on. Not for Beijing. An empty page is the end. */
export const tencentTrades = defineEndpoint({
  vendor: 'tencent',
  path: 'GET /tencent/data/index.php',
  ask: z.object({ appn: z.literal('detail'), action: z.literal('data'), c: symbol, p: z.coerce.number().int().min(0).max(10_000).default(0) }),
  subject: ({ c }) => ({ entity: codeOfPrefixed(c) ?? '' }),
  answer({ asked: { c, p } }, { desk, now }) {
    const code = c.startsWith('bj') ? '' : (codeOfPrefixed(c) ?? '')
    const trades = desk.trades(code, now())
    const lines: string[] = []
    for (let i = p * TRADES_PER_PAGE; i < Math.min(trades?.length ?? 0, (p + 1) * TRADES_PER_PAGE); i++) {
      const { at, price, volume, amount, vendorSide } = trades!.ticks
      const before = i === 0 ? price[0]! : price[i - 1]!
      const side = vendorSide[i] === 1 ? 'B' : vendorSide[i] === -1 ? 'S' : 'M'
      const clock = formatClock(timeOfDay(at[i]! as EpochMs))
      lines.push(
        [
          i,
          clock,
          (price[i]! / 1000).toFixed(2),
          ((price[i]! - before) / 1000).toFixed(2),
          Math.round(volume[i]! / 100),
          Math.round(amount[i]! / 1000),
          side,
        ].join('/'),
      )
    }
    return gbkReply(lines.length === 0 ? '' : `v_detail_data_${c}=[${p},"${lines.join('|')}"];`)
  },
  refuse: () => gbkReply(''),
  invalid: () => gbkReply(''),
})
