import type { Frame } from '#core/frame.ts'
import type { Dataset, Page } from '#core/source.ts'
import { tradeDate, type TradeDate } from '#core/trade-date.ts'
import { faultyPage } from '#market/faulty-page.ts'
import { z } from 'zod'
import { defineEndpoint, jsonReply, type VendorContext, type VendorReply } from '../endpoint.ts'
import { isPublished, tushareApi, tushareCap, tushareDateColumn, tushareDefaults, tushareNeeds, tushareRows, type TushareRows } from '../tushare-rows.ts'

const ask = z.strictObject({
  api_name: z.string().regex(/^[a-z_0-9]{1,64}$/),
  token: z.string().max(128),
  params: z
    .record(z.string().regex(/^[a-z_]{1,32}$/), z.union([z.string().max(70_000), z.number()]))
    .refine((params) => Object.keys(params).length <= 20, 'at most 20 parameters')
    .default({}),
  fields: z.string().max(8000).default(''),
})

type Asked = z.output<typeof ask>

/** Errors as the vendor words them (spec warehouse-ods §2.1). */
const ERRORS = {
  token: { code: 40101, msg: '您的token不对，请确认。' },
  permission: { code: 2002, msg: '抱歉，您没有访问该接口的权限。' },
  params: { code: -2001, msg: '参数错误' },
} as const

/** TuShare's one address: every dataset of the source under its interface's name, in the vendor's units, with its caps, ready times, paging and errors. */
export const tushare = defineEndpoint({
  vendor: 'tushare',
  path: 'POST /tushare',
  ask,
  subject({ api_name, params }) {
    const date = dateOr(params['trade_date'])
    return { entity: api_name, ...(date === undefined ? {} : { date }) }
  },
  async answer({ asked, served }, context) {
    if (asked.token !== context.token) return problem(ERRORS.token)
    const isWhole = asked.api_name.endsWith('_vip')
    const name = isWhole ? asked.api_name.slice(0, -4) : asked.api_name
    const dataset = context.source.datasets.find((each) => tushareApi(each) === name)
    if (dataset === undefined) return problem(ERRORS.permission)
    if (isOverRate(asked.api_name, context)) return problem(rateError(context.ratePerMinute))
    const wrong = wrongParams(dataset, asked, isWhole)
    if (wrong !== undefined) return problem({ ...ERRORS.params, msg: `${ERRORS.params.msg}: ${wrong}` })
    const rows = await rowsFor(dataset, asked, context)
    if (typeof rows === 'string') return problem({ ...ERRORS.params, msg: `${ERRORS.params.msg}: ${rows}` })
    return pageOf(dataset, rows, asked, isWhole, served, context)
  },
  refuse: () => problem(rateError(500)),
  invalid: (why) => problem({ ...ERRORS.params, msg: `${ERRORS.params.msg}: ${why}` }),
})

function problem(error: { readonly code: number; readonly msg: string }): VendorReply {
  return jsonReply({ request_id: 'simulated', ...error, data: null })
}

function rateError(perMinute: number) {
  return { code: 40203, msg: `抱歉，您每分钟最多访问该接口${perMinute}次，权限的具体详情访问：https://tushare.pro/document/1?doc_id=108。` }
}

const calls = new WeakMap<VendorContext, Map<string, { minute: number; count: number }>>()

/** Calls of one interface within one minute. */
function isOverRate(api: string, context: VendorContext): boolean {
  const byApi = calls.get(context) ?? new Map<string, { minute: number; count: number }>()
  calls.set(context, byApi)
  const minute = Math.floor(context.wallNow() / 60_000)
  const seen = byApi.get(api)
  const count = seen?.minute === minute ? seen.count + 1 : 1
  byApi.set(api, { minute, count })
  return count > context.ratePerMinute
}

function dateOr(value: string | number | undefined): TradeDate | undefined {
  try {
    return value === undefined || value === '' ? undefined : tradeDate(String(value))
  } catch {
    // Expected: a client may send any text.
    return undefined
  }
}

const DATE_PARAMS = ['trade_date', 'start_date', 'end_date', 'period', 'ann_date', 'ex_date'] as const

function wrongParams(dataset: Dataset, { params }: Asked, isWhole: boolean): string | undefined {
  const has = (name: string) => params[name] !== undefined && params[name] !== ''
  for (const name of DATE_PARAMS) if (has(name) && dateOr(params[name]) === undefined) return `${name} is no date`
  for (const name of ['limit', 'offset']) if (has(name) && !/^\d{1,9}$/.test(String(params[name]))) return `${name} is no whole number`
  const needs = isWhole ? ['period'] : tushareNeeds(dataset)
  return needs.length > 0 && !needs.some(has) ? `one of ${needs.join(', ')} is needed` : undefined
}

/** The rows a request is about, published by now, with the faults of the feed; or which parameter is unknown. */
async function rowsFor(
  dataset: Dataset,
  { params }: Asked,
  context: VendorContext,
): Promise<{ readonly rows: TushareRows; readonly chosen: readonly number[] } | string> {
  const { dates } = context.desk.world
  const own = tushareDateColumn(dataset)
  const day = dateOr(params['trade_date']) ?? dateOr(params[own] ?? (own === 'end_date' ? params['period'] : undefined))
  const [first, last] = [
    day ?? dateOr(params['start_date']),
    day ?? dateOr(own === 'end_date' && params['start_date'] === undefined ? undefined : params['end_date']),
  ]
  const codes = String(params['ts_code'] ?? '')
    .split(',')
    .filter(Boolean)
  // The calendar reaches beyond the last date; reports are asked by a date of their own.
  const from = own === 'trade_date' || own === 'ex_date' || own === 'cal_date' ? (first ?? dates[0]!) : dates[0]!
  const to = own === 'trade_date' || own === 'ex_date' ? (last ?? dates.at(-1)!) : own === 'cal_date' ? (last ?? (20_991_231 as TradeDate)) : dates.at(-1)!
  const frames: Frame[] = []
  for await (const page of context.source.fetch({ dataset, from, to, ...(codes.length === 0 ? {} : { codes }) })) frames.push(withFaults(page, context))
  const parts = frames.map((frame) => tushareRows(dataset, frame))
  const rows = joined(parts)
  const filters = Object.entries({ ...tushareDefaults(dataset), ...params }).filter(
    ([name, value]) =>
      value !== '' &&
      !['limit', 'offset', 'start_date', 'trade_date', 'ts_code'].includes(name) &&
      !(name === 'end_date' && own !== 'end_date') &&
      name !== 'period',
  )
  const unknown = filters.find(([name]) => rows.length > 0 && !rows.fields.includes(name))
  if (unknown !== undefined && unknown[0] !== 'end_date') return `${unknown[0]} is unknown`
  const wanted = new Set(codes)
  const now = context.now()
  const chosen: number[] = []
  for (let row = 0; row < rows.length; row++) {
    const date = own === '' ? undefined : Number(rows.cell(row, own))
    const isInside = date === undefined || ((first === undefined || date >= first) && (last === undefined || date <= last))
    const fits = filters.every(([name, value]) => (name === 'end_date' && own === 'end_date') || String(rows.cell(row, name)) === String(value))
    if (isInside && fits && (wanted.size === 0 || wanted.has(String(rows.cell(row, 'ts_code')))) && isPublished(dataset, rows, row, now)) chosen.push(row)
  }
  return { rows, chosen }
}

function withFaults(page: Page, { plan, now, onFault }: VendorContext): Frame {
  // Cut-off pages are the business of the paging below.
  const rowPlan = { ...plan, hit: (...[kind, ...rest]: Parameters<typeof plan.hit>) => (kind === 'truncated_page' ? undefined : plan.hit(kind, ...rest)) }
  const hit = faultyPage(rowPlan, page, now())
  hit.faults.forEach(onFault)
  return hit.page.frame
}

function joined(parts: readonly TushareRows[]): TushareRows {
  if (parts.length === 1) return parts[0]!
  const starts = parts.map((_, k) => parts.slice(0, k).reduce((sum, part) => sum + part.length, 0))
  return {
    fields: parts[0]?.fields ?? [],
    isHidden: (field) => parts[0]?.isHidden(field) ?? false,
    length: parts.reduce((sum, part) => sum + part.length, 0),
    cell(row, field) {
      const k = starts.findLastIndex((start) => start <= row)
      return parts[k]!.cell(row - starts[k]!, field)
    },
  }
}

/** One page: `limit` rows from `offset` on, at most the interface's cap; `count` says how many there are in all. A page that is cut off ends early and does not say so. */
function pageOf(
  dataset: Dataset,
  { rows, chosen }: { readonly rows: TushareRows; readonly chosen: readonly number[] },
  asked: Asked,
  isWhole: boolean,
  served: number,
  context: VendorContext,
): VendorReply {
  const cap = isWhole ? 5000 : tushareCap(dataset)
  const limit = Math.min(cap, Number(asked.params['limit'] ?? cap) || cap)
  const offset = Number(asked.params['offset'] ?? 0) || 0
  const names = asked.fields
    .split(',')
    .map((name) => name.trim())
    .filter(Boolean)
  const fields =
    names.length === 0 ? rows.fields.filter((field) => !rows.isHidden(field)) : names.filter((name) => rows.length === 0 || rows.fields.includes(name))
  let page = chosen.slice(offset, offset + limit)
  const hasMore = offset + limit < chosen.length
  const date = dateOr(asked.params['trade_date']) ?? (0 as TradeDate)
  if (served === 0 && page.length > 1) {
    const draws = context.plan.ownStream('truncated_page', JSON.stringify([asked.api_name, asked.params]), date)
    if (draws.next() < context.plan.rate('truncated_page')) {
      const kept = Math.max(1, Math.floor(page.length * (0.3 + 0.65 * draws.next())))
      context.onFault({ kind: 'truncated_page', entity: asked.api_name, date, at: context.now(), detail: { rows: page.length, kept, offset } })
      page = page.slice(0, kept)
    }
  }
  const items = page.map((row) => fields.map((field) => rows.cell(row, field)))
  return jsonReply({ request_id: 'simulated', code: 0, msg: '', data: { fields, items, has_more: hasMore, count: chosen.length } })
}
