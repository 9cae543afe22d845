import { z } from 'zod'
import type { Code } from '#core/code.ts'
import { boardOf } from '#core/code.ts'
import { askedFields, commonAsk, eastmoneyReply } from '../eastmoney-reply.ts'
import { eastmoneyListRow } from '../eastmoney-quotes.ts'
import { defineEndpoint, type VendorContext } from '../endpoint.ts'
import { shownQuotes } from '../shown-quotes.ts'
import { codeOfMarket } from '../symbols.ts'

/** The vendor gives no longer pages, whatever is asked for. */
const LONGEST_PAGE = 100

/** The market filters of the stock universe, and the boards they stand for (spec intraday §4.1). */
const UNIVERSE: Readonly<Record<string, (code: Code) => boolean>> = {
  'm:0 t:6': (code) => code.endsWith('.SZ') && boardOf(code) === 'main',
  'm:0 t:80': (code) => boardOf(code) === 'chinext',
  'm:1 t:2': (code) => code.endsWith('.SH') && boardOf(code) === 'main',
  'm:1 t:23': (code) => boardOf(code) === 'star',
  'm:0 t:81 s:2048': (code) => boardOf(code) === 'bse',
}

function listRows(context: VendorContext, codes: readonly string[], fields: string, isDecimal: boolean): object[] {
  return shownQuotes(context, 'eastmoney', codes).flatMap(({ quote, isGarbled, isRepeated }) => {
    const row = askedFields(isGarbled ? { ...eastmoneyListRow(quote), f18: '-', f15: '-' } : eastmoneyListRow(quote), fields, isDecimal, true)
    return isRepeated ? [row, row] : [row]
  })
}

/** 行情列表: the stocks of some markets, page by page, by code. */
export const eastmoneyList = defineEndpoint({
  vendor: 'eastmoney',
  path: 'GET /eastmoney/api/qt/clist/get',
  ask: z.object({
    ...commonAsk,
    pn: z.coerce.number().int().min(1).max(10_000).default(1),
    pz: z.coerce.number().int().min(1).max(10_000).default(20),
    po: z.enum(['0', '1']).default('1'),
    fs: z.string().max(200).default(Object.keys(UNIVERSE).join(',')),
  }),
  subject: () => ({ entity: 'clist' }),
  answer({ asked: { cb, fltt, fields, pn, pz, po, fs } }, context) {
    const filters = fs.split(',').map((filter) => UNIVERSE[filter.trim().replaceAll('+', ' ')])
    const codes = context.desk.listed(context.now()).filter((code) => filters.some((accepts) => accepts?.(code) === true))
    const digits = (code: string) => code.slice(0, 6)
    const sorted = codes.toSorted((a, b) => (digits(a) < digits(b) ? -1 : 1))
    // po=1 is descending.
    if (po === '1') sorted.reverse()
    const length = Math.min(pz, LONGEST_PAGE)
    const page = sorted.slice((pn - 1) * length, pn * length)
    return eastmoneyReply(page.length === 0 ? null : { total: codes.length, diff: listRows(context, page, fields, fltt === '2') }, cb)
  },
  refuse: ({ cb }) => eastmoneyReply(null, cb),
  invalid: () => eastmoneyReply(null, undefined),
})

/** Chosen symbols, in the order asked. */
export const eastmoneyChosen = defineEndpoint({
  vendor: 'eastmoney',
  path: 'GET /eastmoney/api/qt/ulist.np/get',
  ask: z.object({ ...commonAsk, secids: z.string().regex(/^[01]\.\d{6}(?:,[01]\.\d{6}){0,99}$/) }),
  subject: () => ({ entity: 'ulist' }),
  answer({ asked: { cb, fltt, fields, secids } }, context) {
    const codes = secids.split(',').flatMap((each) => codeOfMarket(Number(each[0]), each.slice(2)) ?? [])
    const diff = listRows(context, codes, fields, fltt === '2')
    return eastmoneyReply(diff.length === 0 ? null : { total: diff.length, diff }, cb)
  },
  refuse: ({ cb }) => eastmoneyReply(null, cb),
  invalid: () => eastmoneyReply(null, undefined),
})
