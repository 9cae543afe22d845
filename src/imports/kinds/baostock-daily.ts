import { frameOf, takeRows, toLabels, type Column } from '#core/frame.ts'
import { defineImportKind } from '#core/import-kind.ts'
import { always, codes, dates, isUnknown, optionalNumbers, requiredNumbers } from '../cells.ts'
import { cellsOf, hasAll } from '../header.ts'
import { instrumentOf } from '../instrument.ts'
import { Sieve } from '../sieve.ts'

/** BaoStock's adjustflag: 3 unadjusted, 2 forward-, 1 back-adjusted. */
const TABLES: Readonly<Record<string, string>> = { '3': 'ods_daily', '2': 'ods_daily_qfq', '1': 'ods_daily_hfq' }

/**
 * BaoStock 日线. Traded rows become daily bars in TuShare's units (shares → lots, CNY → thousand CNY) and valuation rows; suspended rows
 * (tradestatus 0) become ods_suspend_d; isST 1 becomes ods_stock_st. peTTM of a loss is negative here and NULL in ods_daily_basic.
 */
export const baostockDaily = defineImportKind({
  name: 'baostock_daily',
  label: { zh: 'BaoStock 日线', en: 'BaoStock daily bars' },
  about: 'BaoStock date,code,open,…,preclose,volume (shares),amount (CNY),adjustflag,turn (%),tradestatus,pctChg (%),isST,peTTM,pbMRQ,psTTM.',
  needs: [],
  tables: ['ods_daily', 'ods_daily_qfq', 'ods_daily_hfq', 'ods_daily_basic', 'ods_suspend_d', 'ods_stock_st'],
  columns: [
    'date',
    'code',
    'open',
    'high',
    'low',
    'close',
    'preclose',
    'volume',
    'amount',
    'adjustflag',
    'turn',
    'tradestatus',
    'pctChg',
    'isST',
    'peTTM',
    'pbMRQ',
    'psTTM',
    'pcfNcfTTM',
  ],
  whole: false,
  recognises: (header) =>
    hasAll(header, ['date'], ['code'], ['open'], ['high'], ['low'], ['close'], ['preclose'], ['volume'], ['amount'], ['adjustflag', 'tradestatus', 'isST']),
  decode(table, context) {
    const sieve = new Sieve(table)
    const cells = (name: string) => cellsOf(table, name)
    const number = (name: string, per = 1) => {
      const found = cells(name)
      return found === undefined ? undefined : optionalNumbers(found, sieve, per)
    }
    const date = dates(cells('date')!, sieve, context.today)
    const code = codes(cells('code')!, sieve, (each) => instrumentOf(each) === 'stock')
    const status = cells('tradestatus')
    const isSuspended = (row: number) => status?.[row]?.trim() === '0'
    // A suspended row has prices but may leave volume and turnover empty: they are required of traded rows only.
    const traded = (name: string) => cells(name)!.map((cell, row) => (isSuspended(row) ? '0' : cell))
    const bars: Record<string, Column> = { trade_date: date, ts_code: code }
    for (const name of ['open', 'high', 'low', 'close']) {
      const values = requiredNumbers(traded(name), sieve, { reason: 'BAD_PRICE' })
      bars[name] = values
      for (let row = 0; row < sieve.length; row++) if (values[row] === 0 && !isSuspended(row)) sieve.reject(row, 'BAD_PRICE', cells(name)![row]!)
    }
    bars['vol'] = requiredNumbers(traded('volume'), sieve, { per: 100 })
    bars['amount'] = requiredNumbers(traded('amount'), sieve, { per: 1000 })
    const preClose = number('preclose')!
    bars['pre_close'] = preClose.map((value) => (value > 0 ? value : NaN))
    bars['pct_chg'] = number('pctChg') ?? new Float64Array(sieve.length).fill(NaN)
    const basics = valuation(date, code, bars['close'] as Float64Array, number)
    const flag = cells('adjustflag')
    const isSt = cells('isST')
    for (let row = 0; row < sieve.length; row++) {
      if (flag !== undefined && !(flag[row]!.trim() in TABLES)) sieve.reject(row, isUnknown(flag[row]!) ? 'MISSING_KEY' : 'BAD_NUMBER', flag[row]!)
    }

    const rows = sieve.rows()
    const select = (wanted: (row: number) => boolean) => rows.filter(wanted)
    const take = (columns: Readonly<Record<string, Column>>, of: Uint32Array) =>
      Object.fromEntries(Object.entries(columns).map(([name, column]) => [name, takeRows(column, of)]))
    const frames: { table: string; frame: ReturnType<typeof frameOf> }[] = []
    const add = (name: string, columns: Readonly<Record<string, Column>>, of: Uint32Array) => {
      if (of.length > 0) frames.push({ table: name, frame: frameOf(take(columns, of)) })
    }
    for (const [value, target] of Object.entries(TABLES))
      add(
        target,
        bars,
        select((row) => !isSuspended(row) && (flag?.[row]?.trim() ?? '3') === value),
      )
    if (basics !== undefined)
      add(
        'ods_daily_basic',
        basics,
        select((row) => !isSuspended(row) && (flag?.[row]?.trim() ?? '3') === '3'),
      )
    const whole = { suspend_type: always('S', sieve.length), suspend_timing_key: always('', sieve.length) }
    add('ods_suspend_d', { trade_date: date, ts_code: code, ...whole }, select(isSuspended))
    const st = { type: always('ST', sieve.length), type_name: toLabels(table.line.map(() => '风险警示')) }
    add(
      'ods_stock_st',
      { trade_date: date, ts_code: code, ...st },
      select((row) => isSt?.[row]?.trim() === '1'),
    )
    return { frames, rejected: sieve.rejections() }
  },
})

/** The columns of ods_daily_basic that BaoStock gives; nothing when the file has no valuation at all. */
function valuation(
  date: Uint32Array,
  code: Column,
  close: Float64Array,
  number: (name: string) => Float64Array | undefined,
): Readonly<Record<string, Column>> | undefined {
  const [turn, pe, pb, ps] = [number('turn'), number('peTTM'), number('pbMRQ'), number('psTTM')]
  if (turn === undefined && pe === undefined && pb === undefined && ps === undefined) return undefined
  return {
    trade_date: date,
    ts_code: code,
    close,
    ...(turn === undefined ? {} : { turnover_rate: turn }),
    ...(pe === undefined ? {} : { pe_ttm: pe.map((value) => (value > 0 ? value : NaN)) }),
    ...(pb === undefined ? {} : { pb }),
    ...(ps === undefined ? {} : { ps_ttm: ps }),
  }
}
