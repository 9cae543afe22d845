import { z } from 'zod'
import type { VendorReply } from './endpoint.ts'
import { scaledRow } from './eastmoney-quotes.ts'

/** Parameters every Eastmoney page takes: a JSONP callback, decimals or whole numbers, field lists. Unknown ones are ignored, as the vendor does. */
export const commonAsk = {
  cb: z
    .string()
    .regex(/^[A-Za-z_$][\w$.]{0,63}$/)
    .optional(),
  fltt: z.enum(['1', '2']).default('1'),
  fields: z
    .string()
    .regex(/^[f0-9,\s]{0,2000}$/)
    .default(''),
}

export const secid = z.string().regex(/^[01]\.\d{6}$/)

/** The vendor's envelope around `data`; a callback wraps it as JSONP. */
export function eastmoneyReply(data: unknown, callback: string | undefined): VendorReply {
  const body = JSON.stringify({ rc: data === null ? 102 : 0, rt: 6, svr: 182_995_883, lt: 1, full: 1, dlmkts: '', data })
  return callback === undefined
    ? { type: 'application/json; charset=UTF-8', body }
    : { type: 'application/javascript; charset=UTF-8', body: `${callback}(${body});` }
}

const LIST_PRICES = new Set('f2 f3 f4 f7 f8 f15 f16 f17 f18 f31 f32'.split(' '))
const STOCK_PRICES = new Set('f43 f44 f45 f46 f51 f52 f60 f71 f168 f169 f170 f171 f11 f13 f15 f17 f19 f31 f33 f35 f37 f39'.split(' '))

/** The asked fields of a row (all when none are named), prices as decimals or as whole numbers. */
export function askedFields(row: Readonly<Record<string, unknown>>, fields: string, isDecimal: boolean, isList: boolean): Readonly<Record<string, unknown>> {
  const names = fields.split(',').map((name) => name.trim())
  const chosen = fields.trim() === '' ? row : Object.fromEntries(names.flatMap((name) => (name in row ? [[name, row[name]]] : [])))
  return isDecimal ? chosen : scaledRow(chosen, isList ? LIST_PRICES : STOCK_PRICES)
}
