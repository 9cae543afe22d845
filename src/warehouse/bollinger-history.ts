import { aShareCalendar } from '#core/a-share-calendar.ts'
import type { Code } from '#core/code.ts'
import { numbers, toLabels, type Frame } from '#core/frame.ts'
import type { TradeDate } from '#core/trade-date.ts'
import { BOLLINGER_PARAMS, bollingerBands, type BollingerColumns } from '#numeric/bollinger-bands.ts'
import { stockBollingerData } from './dws/stock_bollinger_data.ts'
import { stocksOf } from './stocks-of.ts'
import { sqlOf } from './table-sql.ts'
import type { ComputeRequest } from './table.ts'

/** Flags that need the stock's labels, beside those of the kernel (spec bollinger §1). */
const FLAG = { noLimitIpo: 16, limitDay: 64, exDate: 128 } as const

/** Own bars a row depends on besides itself: 119 band widths, each over 20 bars. */
const REACH = BOLLINGER_PARAMS.zWindow + BOLLINGER_PARAMS.window - 1

/** Market days read before a range: enough for 139 own bars unless a stock was suspended for months; such a stock is read again in full. */
const MARKET_DAYS = 300

/** Rows handed to the engine at a time. */
const BLOCK = 400_000

const PARAMS = `${BOLLINGER_PARAMS.window},${BOLLINGER_PARAMS.width},${BOLLINGER_PARAMS.zWindow},${BOLLINGER_PARAMS.ddof === 0 ? 'pop' : 'sample'}`

/** `stock_bollinger_data`: stock by stock through the kernel; a row depends on its last 139 own bars alone, so a day equals the whole. */
export async function* bollingerHistory({ engine, dates, codes, signal, progress }: ComputeRequest): AsyncIterable<Frame> {
  const [from, to] = [dates[0]!, dates.at(-1)!]
  const since = aShareCalendar.dateAt(Math.max(0, aShareCalendar.indexOf(from) - MARKET_DAYS))
  const options = signal === undefined ? {} : { signal }
  const rows = (only: string, params: Record<string, number | string>) =>
    engine.frames(only === '' ? sqlOf(stockBollingerData) : `select * from (${sqlOf(stockBollingerData)}) where ts_code = {only:String} order by trade_date`, { params: { from, to, ...params }, ...options })
  const wanted = codes === undefined ? undefined : new Set(codes)
  const block = new Block()
  let stocks = 0
  for await (const { code, frame } of stocksOf(rows('', { since }))) {
    if (wanted !== undefined && !wanted.has(code)) continue
    const complete = isComplete(frame, from) ? frame : await first(stocksOf(rows('only', { since: 0, only: code })))
    block.add(code, complete, from)
    progress(++stocks, stocks, 'stocks')
    if (block.length >= BLOCK) yield block.take()
  }
  if (block.length > 0) yield block.take()
}

/** Whether the bars reach back to the first one there is, or to the last one needed. */
function isComplete(frame: Frame, from: TradeDate): boolean {
  const [barNo, date] = [numbers(frame, 'bar_no'), numbers(frame, 'trade_date')]
  const row = date.findIndex((day) => day >= from)
  return barNo[0]! <= Math.max(1, barNo[row]! - REACH)
}

async function first(stocks: AsyncIterable<{ readonly frame: Frame }>): Promise<Frame> {
  for await (const { frame } of stocks) return frame
  throw new RangeError('Cannot read a stock again: its bars were there a moment ago, found none')
}

/** Rows of many stocks waiting to be handed on as one frame. */
class Block {
  #stocks: { readonly code: Code; readonly frame: Frame; readonly columns: BollingerColumns; readonly start: number }[] = []
  length = 0

  add(code: Code, frame: Frame, from: TradeDate): void {
    const date = numbers(frame, 'trade_date')
    const start = date.findIndex((day) => day >= from)
    const columns = bollingerBands({
        close: numbers(frame, 'close_hfq') as Float64Array,
        volume: numbers(frame, 'vol_adj') as Float64Array,
        adjFactor: numbers(frame, 'adj_factor') as Float64Array,
        day: numbers(frame, 'day_idx') as Uint32Array,
      barsBefore: numbers(frame, 'bar_no')[0]! - 1,
    })
    addLabelFlags(frame, columns.flags)
    this.#stocks.push({ code, frame, columns, start })
    this.length += frame.length - start
  }

  take(): Frame {
    const length = this.length
    const codes = new Uint32Array(length)
    const date = new Uint32Array(length)
    const close = new Float64Array(length)
    const names = Object.keys(this.#stocks[0]!.columns) as (keyof BollingerColumns)[]
    const out = Object.fromEntries(names.map((name) => [name, name === 'flags' || name === 'n_bars' || name === 'span_days' ? new Uint32Array(length) : new Float64Array(length)]))
    let at = 0
    for (const [stock, { frame, columns, start }] of this.#stocks.entries()) {
      const rows = frame.length - start
      codes.fill(stock, at, at + rows)
      date.set(numbers(frame, 'trade_date').subarray(start), at)
      close.set(numbers(frame, 'close').subarray(start), at)
      for (const name of names) out[name]!.set(columns[name].subarray(start), at)
      at += rows
    }
    const values = this.#stocks.map(({ code }) => code)
    this.#stocks = []
    this.length = 0
    return { length, columns: { ts_code: { index: codes, values }, trade_date: date, close, ...out, params: { index: new Uint32Array(length), values: toLabels([PARAMS]).values } } }
  }
}

/** Whether a first-days bar without limit or an ex-date lies in the 20-bar window; whether the bar itself closed at a limit. */
function addLabelFlags(frame: Frame, flags: Int32Array): void {
  const [isIpo, isLimit, isExDay] = [numbers(frame, 'is_no_limit_ipo'), numbers(frame, 'is_limit_day'), numbers(frame, 'is_ex_day')]
  let lastIpo = -Infinity
  let lastExDay = -Infinity
  for (let i = 0; i < frame.length; i++) {
    if (isIpo[i] === 1) lastIpo = i
    if (isExDay[i] === 1) lastExDay = i
    if (i - lastIpo < BOLLINGER_PARAMS.window) flags[i]! |= FLAG.noLimitIpo
    if (i - lastExDay < BOLLINGER_PARAMS.window) flags[i]! |= FLAG.exDate
    if (isLimit[i] === 1) flags[i]! |= FLAG.limitDay
  }
}
