import { setImmediate as breathe } from 'node:timers/promises'
import { aShareCalendar } from '#core/a-share-calendar.ts'
import type { Code } from '#core/code.ts'
import { labelAt, labels, numbers, type Frame } from '#core/frame.ts'
import type { TradeDate } from '#core/trade-date.ts'
import { BOLLINGER_PARAMS, bollingerBands, bollingerColumns, type BollingerColumns } from '#numeric/bollinger-bands.ts'
import { firstAtLeast } from '#numeric/first-place.ts'
import type { Engine, QueryOptions } from './engine/engine.ts'
import { gatherStocks, ONE_THREAD, type StockRows } from './gather-stocks.ts'
import { oneAhead } from './one-ahead.ts'
import { sqlOf } from './table-sql.ts'
import type { ComputeRequest, Table } from './table.ts'

/** Flags that need the stock's labels, beside those of the kernel (spec bollinger §1). */
const FLAG = { noLimitIpo: 16, limitDay: 64, exDate: 128 } as const

/** Own bars a row depends on besides itself: 119 band widths, each over 20 bars. */
const REACH = BOLLINGER_PARAMS.zWindow + BOLLINGER_PARAMS.window - 1

/** Market days read before a range: enough for 139 own bars unless a stock was suspended for months; such stocks are read again in full. */
const MARKET_DAYS = 170

/** Bars read at a time: 60 MB of them and 150 MB of what becomes of them, twice while the next are read and the last are inserted. */
const BARS = 1_000_000

/** Less is read in this many pieces, so that reading, computing and inserting overlap. */
const PIECES = 4

/** Bars computed before other work, the insert of the last block above all, gets a turn: about ten milliseconds. */
const TURN = 40_000

const PARAMS = `${BOLLINGER_PARAMS.window},${BOLLINGER_PARAMS.width},${BOLLINGER_PARAMS.zWindow},${BOLLINGER_PARAMS.ddof === 0 ? 'pop' : 'sample'}`

/**
 * `stock_bollinger_data`: some stocks at a time through the kernel, the next ones being read meanwhile. A row depends on its last 139 own bars alone,
 * so a day equals the whole.
 */
export async function* bollingerHistory({ table, engine, dates, codes, signal, progress }: ComputeRequest): AsyncIterable<Frame> {
  const range: Range = { from: dates[0]!, to: dates.at(-1)!, since: aShareCalendar.back(dates[0]!, MARKET_DAYS) }
  const options = signal === undefined ? {} : { signal }
  const batches = await batchesOf(engine, range, codes, options)
  const reading = batches.length > 2 ? { ...options, settings: ONE_THREAD } : options
  const total = batches.reduce((sum, batch) => sum + batch.length, 0)
  let done = 0
  for await (const stocks of oneAhead(batches, (batch) => readStocks(table, engine, range, batch, reading))) {
    done += stocks.length
    progress(done, total, 'stocks')
    yield await bandsOf(stocks)
  }
}

interface Range {
  readonly from: TradeDate
  readonly to: TradeDate
  /** The first day that is read. */
  readonly since: TradeDate
}

type Options = Pick<QueryOptions, 'signal' | 'settings'>

/** The stocks with a bar in the range, in code order, so many at a time that their bars fit. */
async function batchesOf(engine: Engine, { from, to }: Range, codes: readonly string[] | undefined, options: Options): Promise<readonly (readonly Code[])[]> {
  const only = codes === undefined ? '' : ' and ts_code in {codes:Array(String)}'
  const frame = await engine.frame(
    `select ts_code, toUInt32(count()) as bars from fupan.dwd_stock_daily_standard where trade_date between {from:UInt32} and {to:UInt32}${only} group by ts_code order by ts_code`,
    { ...options, params: { from, to, ...(codes === undefined ? {} : { codes }) } },
  )
  const [code, bars] = [labels(frame, 'ts_code'), numbers(frame, 'bars')]
  const size = Math.min(BARS, (bars.length * MARKET_DAYS + [...bars].reduce((sum, own) => sum + own, 0)) / PIECES)
  const batches: Code[][] = []
  let room = 0
  for (let row = 0; row < frame.length; row++) {
    if (room <= 0) {
      batches.push([])
      room = size
    }
    batches.at(-1)!.push(labelAt(code, row)! as Code)
    room -= bars[row]! + MARKET_DAYS
  }
  return batches
}

/** One stock ready for the kernel: its bars, the first one that is asked for, and its labels. */
interface Stock extends StockRows {
  readonly start: number
  readonly isLimitDay: Uint8Array
  readonly isNoLimitIpo: Uint8Array
}

async function readStocks(table: Table, engine: Engine, range: Range, batch: readonly Code[], options: Options): Promise<readonly Stock[]> {
  const wanted = new Set<string>(batch)
  const bars = (since: number, only: readonly string[] | undefined) =>
    gatherStocks(
      engine.frames(sqlOf(table) + (only === undefined ? '' : ' and ts_code in {only:Array(String)}'), {
        ...options,
        params: { to: range.to, since, first: batch[0]!, last: batch.at(-1)!, ...(only === undefined ? {} : { only }) },
      }),
    )
  const near = (await bars(range.since, undefined)).filter(({ code }) => wanted.has(code))
  const short = near.filter(({ frame }) => !isComplete(frame, range.from)).map(({ code }) => code)
  const far = new Map((short.length === 0 ? [] : await bars(0, short)).map((stock) => [stock.code, stock]))
  const stocks = near.map((stock) => cutTo(range.from, far.get(stock.code) ?? stock))
  await addLabels(engine, range, stocks, options)
  return stocks
}

/** Whether the bars reach back to the first one there is, or to the last one needed. */
function isComplete(frame: Frame, from: TradeDate): boolean {
  const [barNo, date] = [numbers(frame, 'bar_no'), numbers(frame, 'trade_date')]
  const row = date.findIndex((day) => day >= from)
  return barNo[0]! <= Math.max(1, barNo[row]! - REACH)
}

/** Only the bars that rows from a date on depend on. */
function cutTo(from: TradeDate, { code, frame }: StockRows): Stock {
  const row = numbers(frame, 'trade_date').findIndex((day) => day >= from)
  const first = Math.max(0, row - REACH)
  const length = frame.length - first
  const columns = Object.fromEntries(Object.entries(frame.columns).map(([name, column]) => [name, (column as Float64Array).subarray(first)]))
  return { code, frame: { length, columns }, start: row - first, isLimitDay: new Uint8Array(length), isNoLimitIpo: new Uint8Array(length) }
}

/** Labels worth a flag are few: a limit day, a first day without limit. */
async function addLabels(engine: Engine, { to }: Range, stocks: readonly Stock[], options: Options): Promise<void> {
  const byCode = new Map<string, Stock>(stocks.map((stock) => [stock.code, stock]))
  const since = stocks.reduce((earliest, { frame }) => Math.min(earliest, numbers(frame, 'trade_date')[0]!), to as number)
  const blocks = engine.frames(
    `select ts_code, trade_date, toUInt8(ifNull(is_limit_up = 1 or is_limit_down = 1, 0)) as is_limit_day, toUInt8(ifNull(no_limit_reason = 'IPO_WINDOW', 0)) as is_no_limit_ipo
     from fupan.dwd_stock_label_daily
     where trade_date between {since:UInt32} and {to:UInt32} and ts_code between {first:String} and {last:String} and (is_limit_up = 1 or is_limit_down = 1 or no_limit_reason = 'IPO_WINDOW')`,
    { ...options, params: { since, to, first: stocks[0]?.code ?? '', last: stocks.at(-1)?.code ?? '' } },
  )
  for await (const block of blocks) {
    const code = labels(block, 'ts_code')
    const [date, isLimitDay, isNoLimitIpo] = [numbers(block, 'trade_date'), numbers(block, 'is_limit_day'), numbers(block, 'is_no_limit_ipo')]
    for (let row = 0; row < block.length; row++) {
      const stock = byCode.get(labelAt(code, row)!)
      if (stock === undefined) continue
      const bars = numbers(stock.frame, 'trade_date')
      const bar = firstAtLeast(bars, date[row]!)
      if (bars[bar] !== date[row]) continue
      stock.isLimitDay[bar] = isLimitDay[row]!
      stock.isNoLimitIpo[bar] = isNoLimitIpo[row]!
    }
  }
}

/** The rows of some stocks, computed in place where a stock's bars are all asked for. */
async function bandsOf(stocks: readonly Stock[]): Promise<Frame> {
  const length = stocks.reduce((sum, { frame, start }) => sum + frame.length - start, 0)
  const codes = new Uint32Array(length)
  const date = new Uint32Array(length)
  const close = new Float64Array(length)
  const out = bollingerColumns(length)
  // Where a stock's first bars only feed the others; reused from stock to stock.
  const scratch = bollingerColumns(stocks.reduce((most, { frame, start }) => Math.max(most, start === 0 ? 0 : frame.length), 0))
  let at = 0
  let turn = 0
  for (const [place, stock] of stocks.entries()) {
    const { frame, start } = stock
    const end = at + frame.length - start
    codes.fill(place, at, end)
    date.set(numbers(frame, 'trade_date').subarray(start), at)
    close.set(numbers(frame, 'close').subarray(start), at)
    const own = start === 0 ? viewOf(out, at, end) : viewOf(scratch, 0, frame.length)
    computeInto(own, stock)
    if (start > 0) for (const name of columnNames) out[name].set(own[name].subarray(start), at)
    at = end
    if (at - turn < TURN) continue
    turn = at
    await breathe()
  }
  const { n_bars, span_days, flags } = out
  const whole = { n_bars: unsigned(n_bars), span_days: unsigned(span_days), flags: unsigned(flags) }
  const params = { index: new Uint32Array(length), values: [PARAMS] }
  return { length, columns: { ts_code: { index: codes, values: stocks.map(({ code }) => code) }, trade_date: date, close, ...out, ...whole, params } }
}

function computeInto(out: BollingerColumns, stock: Stock): void {
  const { frame } = stock
  bollingerBands(
    {
      close: numbers(frame, 'close_hfq') as Float64Array,
      volume: numbers(frame, 'vol_adj') as Float64Array,
      adjFactor: numbers(frame, 'adj_factor') as Float64Array,
      day: numbers(frame, 'day_idx') as Uint32Array,
      barsBefore: numbers(frame, 'bar_no')[0]! - 1,
    },
    BOLLINGER_PARAMS,
    out,
  )
  addLabelFlags(stock, out.flags)
}

const columnNames = Object.keys(bollingerColumns(0)) as (keyof BollingerColumns)[]

function viewOf(columns: BollingerColumns, from: number, to: number): BollingerColumns {
  return Object.fromEntries(columnNames.map((name) => [name, columns[name].subarray(from, to)])) as unknown as BollingerColumns
}

/** Counts are never negative: the same memory as the table wants it. */
function unsigned(column: Int32Array): Uint32Array {
  return new Uint32Array(column.buffer as ArrayBuffer, column.byteOffset, column.length)
}

/** Whether a first-days bar without limit or an ex-date lies in the 20-bar window; whether the bar itself closed at a limit. */
function addLabelFlags({ frame, isNoLimitIpo, isLimitDay }: Stock, flags: Int32Array): void {
  const isExDay = numbers(frame, 'is_ex_day')
  let lastIpo = -Infinity
  let lastExDay = -Infinity
  for (let i = 0; i < frame.length; i++) {
    if (isNoLimitIpo[i] === 1) lastIpo = i
    if (isExDay[i] === 1) lastExDay = i
    if (i - lastIpo < BOLLINGER_PARAMS.window) flags[i]! |= FLAG.noLimitIpo
    if (i - lastExDay < BOLLINGER_PARAMS.window) flags[i]! |= FLAG.exDate
    if (isLimitDay[i] === 1) flags[i]! |= FLAG.limitDay
  }
}
