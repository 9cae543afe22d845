import { aShareCalendar } from '#core/a-share-calendar.ts'
import type { Clock } from '#core/clock.ts'
import type { ImportKind, RawTable, Rejection } from '#core/import-kind.ts'
import { seededRng } from '#core/rng.ts'
import { dateOf } from '#core/shanghai-time.ts'
import { defineSource, type Dataset, type FetchRequest, type Page, type Source } from '#core/source.ts'
import type { TradeDate } from '#core/trade-date.ts'
import { tushareAdjFactor } from '#imports/kinds/tushare-adj-factor.ts'
import { tushareDailyBasic } from '#imports/kinds/tushare-daily-basic.ts'
import { tushareDaily } from '#imports/kinds/tushare-daily.ts'
import { tushareDividend } from '#imports/kinds/tushare-dividend.ts'
import { tushareFinaIndicator } from '#imports/kinds/tushare-fina-indicator.ts'
import { tushareIndexDaily } from '#imports/kinds/tushare-index-daily.ts'
import { tushareStockBasic } from '#imports/kinds/tushare-stock-basic.ts'
import { tushareStockSt } from '#imports/kinds/tushare-stock-st.ts'
import { tushareSuspendD } from '#imports/kinds/tushare-suspend-d.ts'
import { createTushareClient, type Cell, type Transport, type TushareClient, type TushareParams, type TusharePage } from '#vendor/tushare-client.ts'
import { TushareError } from '#vendor/tushare-error.ts'
import { tushareApi, tushareCap } from '#vendor/tushare-rows.ts'

/** An account at TuShare, and the line to it. */
export interface TushareSettings {
  readonly token: string
  readonly transport: Transport
  readonly clock: Clock
  /** Calls per minute and interface of the account: 50 at 120 points, 200 at 2,000, 500 at 5,000 (spec warehouse-ods §2.3). */
  readonly callsPerMinute: number
}

/** How a dataset is asked for: day by day, by the code of an index, or stock by stock over all time. */
interface Fetched {
  readonly kind: ImportKind
  readonly by: 'date' | 'ex-date' | 'index' | 'stock' | 'list'
  /** Fields the vendor gives only when they are named; those it does not know are left out and read as missing. */
  readonly fields: string
  /** What to ask for instead of an account that may not name them all. */
  readonly fewerFields?: string
}

const DAILY = 'ts_code,trade_date,open,high,low,close,pre_close,change,pct_chg,vol,amount'

const FETCHED: Readonly<Partial<Record<Dataset, Fetched>>> = {
  dim_stock: {
    kind: tushareStockBasic,
    by: 'list',
    fields: 'ts_code,symbol,name,area,industry,market,exchange,curr_type,list_status,list_date,delist_date,is_hs',
  },
  ods_daily: { kind: tushareDaily, by: 'date', fields: `${DAILY},ah_vol,ah_amount`, fewerFields: DAILY },
  ods_adj_factor: { kind: tushareAdjFactor, by: 'date', fields: '' },
  ods_daily_basic: { kind: tushareDailyBasic, by: 'date', fields: tushareDailyBasic.columns.join(',') },
  ods_stock_st: { kind: tushareStockSt, by: 'date', fields: '' },
  ods_suspend_d: { kind: tushareSuspendD, by: 'date', fields: '' },
  ods_dividend: { kind: tushareDividend, by: 'ex-date', fields: '' },
  ods_index_daily: { kind: tushareIndexDaily, by: 'index', fields: DAILY },
  ods_fina_indicator: { kind: tushareFinaIndicator, by: 'stock', fields: tushareFinaIndicator.columns.join(',') },
}

/** Tables with rows on every trading day: none means that the day is not there yet. */
const EVERY_DAY: ReadonlySet<Dataset> = new Set<Dataset>(['ods_daily', 'ods_adj_factor', 'ods_daily_basic'])

/** The indices that are loaded unless codes are named (spec warehouse-ods §5.4). */
const INDICES = [
  '000001.SH',
  '399001.SZ',
  '399006.SZ',
  '000300.SH',
  '000905.SH',
  '000852.SH',
  '000016.SH',
  '000688.SH',
  '899050.BJ',
  '000985.CSI',
  '932000.CSI',
]

/** Listed, delisted, paused: without being asked for, only the listed come. */
const LIST_STATUSES = ['L', 'D', 'P']

/**
 * TuShare: the daily tables over its HTTP interface, with the readers of the file import: names, units and nulls as the vendor writes them, what cannot be read given back with a
 * reason. Gives no ticks. Off unless an account is configured.
 */
export function tushare({ token, transport, clock, callsPerMinute }: TushareSettings): Source {
  const client = createTushareClient({ transport, token, clock, rng: seededRng('tushare pacing'), callsPerMinute })
  return defineSource({
    name: 'tushare',
    label: { zh: 'TuShare Pro', en: 'TuShare Pro' },
    datasets: Object.keys(FETCHED) as Dataset[],
    requestsPerMinute: callsPerMinute,
    simulated: false,
    async *fetch(request, signal) {
      const fetched = FETCHED[request.dataset]
      if (fetched === undefined)
        throw new RangeError(`Cannot fetch ${request.dataset} from TuShare: it fills ${Object.keys(FETCHED).join(', ')}. Choose one of these`)
      const asking: Asking = { client, fetched, request, today: dateOf(clock.now()), signal }
      yield* pagesOf(asking)
    },
    // oxlint-disable-next-line require-yield
    async *ticks() {
      throw new RangeError('Cannot give ticks from TuShare: it has no tick-by-tick interface over HTTP. Import tick files, or use another source')
    },
  })
}

interface Asking {
  readonly client: TushareClient
  readonly fetched: Fetched
  readonly request: FetchRequest
  readonly today: TradeDate
  readonly signal: AbortSignal | undefined
}

async function* pagesOf(asking: Asking): AsyncGenerator<Page> {
  const { fetched, request } = asking
  const { from, to, codes } = request
  const span = { start_date: String(from), end_date: String(to) }
  switch (fetched.by) {
    case 'list':
      yield await pageFrom(
        asking,
        LIST_STATUSES.map((status) => ({ list_status: status })),
        [],
      )
      return
    case 'date':
    case 'ex-date':
      // A day at a time stays below every cap; a whole day is what is replaced.
      for (const date of aShareCalendar.dates(from, to)) {
        const page = await pageFrom(asking, [{ [fetched.by === 'date' ? 'trade_date' : 'ex_date']: String(date) }], [date])
        // A day that is not there yet has no page.
        if (page.frame.length > 0 || !EVERY_DAY.has(request.dataset)) yield page
      }
      return
    case 'index':
      yield await pageFrom(
        asking,
        (codes ?? INDICES).map((code) => ({ ts_code: code, ...span })),
        aShareCalendar.dates(from, to),
      )
      return
    case 'stock': {
      const known = codes ?? (await stockCodes(asking))
      for (let at = 0; at < known.length; at += 50)
        yield await pageFrom(
          asking,
          known.slice(at, at + 50).map((code) => ({ ts_code: code })),
          [],
        )
      return
    }
    default:
      fetched.by satisfies never
  }
}

/** All answers to some queries as one page. */
async function pageFrom({ client, fetched, request, today, signal }: Asking, queries: readonly TushareParams[], dates: readonly TradeDate[]): Promise<Page> {
  const { dataset, codes } = request
  const ask = async (fields: string): Promise<TusharePage[]> => {
    const answers: TusharePage[] = []
    for (const params of queries)
      for await (const answer of client.query(tushareApi(dataset)!, params, fields.split(',').filter(Boolean), tushareCap(dataset), signal))
        answers.push(answer)
    return answers
  }
  const answers = await ask(fetched.fields).catch((error: unknown) => {
    // Expected: the after-hours columns of 2026 are not known to every server (spec warehouse-ods §5.1).
    if (fetched.fewerFields === undefined || !(error instanceof TushareError) || error.trouble !== 'PARAM') throw error
    return ask(fetched.fewerFields)
  })
  const table = rawTable(answers, fetched.kind, codes === undefined ? undefined : new Set(codes))
  const decoded = fetched.kind.decode(table, { path: 'tushare', fileName: dataset, today })
  const rejected = decoded.rejected.map((rejection) => withRow(rejection, table))
  return { dataset, dates, frame: decoded.frames[0]!.frame, ...(rejected.length === 0 ? {} : { rejected }) }
}

async function stockCodes({ client, signal }: Asking): Promise<readonly string[]> {
  const codes: string[] = []
  for (const status of LIST_STATUSES)
    for await (const { fields, items } of client.query('stock_basic', { list_status: status }, ['ts_code'], tushareCap('dim_stock'), signal))
      codes.push(...items.map((item) => String(item[fields.indexOf('ts_code')])))
  return codes.toSorted()
}

/** A rejection that says which row it is about, not the cell alone. */
function withRow({ line, reason, found }: Rejection, { header, columns, line: lines }: RawTable): Rejection {
  const row = lines.indexOf(line)
  const named = ['ts_code', 'trade_date', 'end_date', 'ex_date'].flatMap((name) => columns[header.indexOf(name)]?.[row] ?? [])
  return { line, reason, found: `${named.join(' ')}: ${found}`.slice(0, 200) }
}

/** Answers as the text cells a file would have: columns by name, whatever their order. An answer without columns has those of its kind, empty. */
function rawTable(answers: readonly TusharePage[], kind: ImportKind, codes: ReadonlySet<string> | undefined): RawTable {
  const given = [...new Set(answers.flatMap(({ fields }) => fields))]
  const header = given.length === 0 ? kind.columns : given
  const columns: string[][] = header.map(() => [])
  let line = 0
  const lines: number[] = []
  for (const { fields, items } of answers) {
    const places = header.map((name) => fields.indexOf(name))
    const codeAt = fields.indexOf('ts_code')
    for (const item of items) {
      line++
      if (codes !== undefined && codeAt >= 0 && !codes.has(String(item[codeAt]))) continue
      lines.push(line)
      for (const [k, place] of places.entries()) columns[k]!.push(textOf(item[place]))
    }
  }
  return { header, columns, line: lines }
}

function textOf(cell: Cell | undefined): string {
  return cell === null || cell === undefined ? '' : String(cell)
}
