import { setImmediate as breathe } from 'node:timers/promises'
import { frameOf, labels, type Frame } from '#core/frame.ts'
import { defineSource, type Dataset, type FetchRequest, type Page, type Source } from '#core/source.ts'
import type { Tick, TickDay } from '#core/tick.ts'
import { tradeDate, type TradeDate } from '#core/trade-date.ts'
import { pinyin } from 'pinyin-pro'
import type { DaySpan } from '#market/bar-rows.ts'
import { bookPictures } from '#market/book-pictures.ts'
import { chipCostFrame, chipsFrame } from '#market/chip-frames.ts'
import { dailyBasicFrame } from '#market/daily-basic-frame.ts'
import { dailyBars, type DailyBars } from '#market/daily-bars.ts'
import { finaIndicatorFrame } from '#market/fina-indicator-frame.ts'
import { indexDays, sectorDays, type IndexDays } from '#market/index-days.ts'
import { indexDailyFrame, indexMemberFrame, indexWeightFrame } from '#market/index-frames.ts'
import { stkLimitFrame } from '#market/limit-frame.ts'
import { nameChangeFrame } from '#market/name-changes.ts'
import { marginDetailFrame, marginFrame } from '#market/margin-frames.ts'
import { moneyFlowFrame } from '#market/money-flow-frame.ts'
import { monthlyFrame, weeklyFrame } from '#market/period-bars.ts'
import { mergeTicks } from '#market/merge-ticks.ts'
import { minuteFrame } from '#market/minute-frame.ts'
import type { Stock } from '#market/stock.ts'
import { tickFrame } from '#market/tick-frame.ts'
import { tickDay } from '#market/tick-path.ts'
import { TICKING, tickingStocks } from '#market/ticking-stocks.ts'
import { adjFactorFrame, dailyFrame, dividendFrame, stockFrame, stockStFrame, suspendFrame, tradeCalFrame } from '#market/vendor-frames.ts'
import { createWorld, type World, type WorldSettings } from '#market/world.ts'

const ROWS_PER_PAGE = 500_000

const DATASETS: readonly Dataset[] = [
  'dim_trade_cal',
  'dim_stock',
  'ods_daily',
  'ods_weekly',
  'ods_monthly',
  'ods_adj_factor',
  'ods_daily_basic',
  'ods_stk_limit',
  'ods_stock_st',
  'ods_namechange',
  'ods_suspend_d',
  'ods_dividend',
  'ods_moneyflow',
  'ods_margin',
  'ods_margin_detail',
  'ods_cyq_perf',
  'ods_cyq_chips',
  'ods_index_daily',
  'ods_index_member',
  'ods_index_weight',
  'ods_fina_indicator',
  'ods_minute_bar',
  'ods_tick',
]

/** Ten levels after every record: as many rows as ticks, with forty columns of prices and volumes. */
const ON_REQUEST: readonly Dataset[] = ['ods_quote']

/**
 * 模拟市场: our own market as a data source, in the vendor's names and units. The same settings give the same bytes; later `dates` leave earlier
 * days unchanged as long as the first date stays. Bars of a stock are drawn once and kept. Requests outside the dates give no pages.
 * The pages of `ods_tick` hold one date; when a date needs several, they follow each other and share out the stocks.
 */
export function simulator(settings: WorldSettings): Source {
  const world = lazily(() => createWorld(settings))
  // The minutes of a whole market are drawn when they are asked for, not stored.
  const datasets = settings.size > TICKING ? DATASETS.filter((dataset) => dataset !== 'ods_minute_bar') : DATASETS
  const known = new Map<Stock, DailyBars>()
  const barsOf: BarsOf = (stock) => {
    const bars = known.get(stock) ?? dailyBars(world(), stock)
    known.set(stock, bars)
    return bars
  }
  return defineSource({
    name: 'simulator',
    label: { zh: '模拟市场', en: 'Simulated market' },
    datasets,
    onRequest: ON_REQUEST,
    requestsPerMinute: Infinity,
    simulated: true,
    async *fetch(request, signal) {
      if (![...datasets, ...ON_REQUEST].includes(request.dataset))
        throw new RangeError(`Cannot fetch ${request.dataset} from the simulator: it fills ${[...datasets, ...ON_REQUEST].join(', ')}. Choose one of these`)
      yield* pages(world(), chosen(world(), request.codes), barsOf, request, signal)
    },
    async *ticks(date, codes, signal) {
      yield* ticksOf(world(), withDetail(world(), chosen(world(), codes), codes), barsOf, date, signal)
    },
  })
}

/** The ticks of all stocks of a world on a date, in event-time order: what the source streams, for whoever has drawn the world already. */
export function simulatedTicks(world: World, barsOf: BarsOf, date: TradeDate, signal?: AbortSignal): AsyncGenerator<readonly Tick[]> {
  return ticksOf(world, world.stocks, barsOf, date, signal)
}

async function* ticksOf(world: World, stocks: readonly Stock[], barsOf: BarsOf, date: TradeDate, signal?: AbortSignal): AsyncGenerator<readonly Tick[]> {
  const days = await tickDays(world, stocks, barsOf, date, signal)
  for (const batch of mergeTicks(date, days)) {
    signal?.throwIfAborted()
    yield batch
  }
}

type BarsOf = (stock: Stock) => DailyBars

async function* pages(world: World, stocks: readonly Stock[], barsOf: BarsOf, request: FetchRequest, signal?: AbortSignal): AsyncGenerator<Page> {
  const { dataset, from, to } = request
  if (dataset === 'dim_trade_cal') yield { dataset, dates: [], frame: tradeCalFrame(world, from, to) }
  else if (dataset === 'dim_stock') yield { dataset, dates: [], frame: withPinyin(stockFrame(world, stocks.map(barsOf))) }
  else if (dataset === 'ods_namechange') yield { dataset, dates: [], frame: nameChangeFrame(world, stocks.map(barsOf)) }
  else if (dataset === 'ods_fina_indicator') yield { dataset, dates: [], frame: finaIndicatorFrame(world, stocks.map(barsOf), BOOKS_FROM, world.dates.at(-1)!) }
  else if (dataset === 'ods_margin' || dataset in INDEX_FRAMES) yield* wholePages(world, barsOf, request)
  else if (dataset === 'ods_tick' || dataset === 'ods_minute_bar' || dataset === 'ods_quote')
    yield* tickPages(world, dataset === 'ods_minute_bar' ? stocks : withDetail(world, stocks, request.codes), barsOf, request, signal)
  else if (dataset in WALKED) yield* walkedPages(world, stocks, barsOf, request, signal)
  else yield* barPages(world, stocks, barsOf, request, signal)
}

const FRAMES = {
  ods_daily: dailyFrame,
  ods_weekly: weeklyFrame,
  ods_monthly: monthlyFrame,
  ods_adj_factor: adjFactorFrame,
  ods_daily_basic: dailyBasicFrame,
  ods_stk_limit: stkLimitFrame,
  ods_stock_st: stockStFrame,
  ods_suspend_d: suspendFrame,
  ods_dividend: dividendFrame,
} as const

/** Frames of what is walked day by day from the first one on: a page holds all the dates asked for and some of the stocks, so that each is walked once. */
const WALKED: Readonly<Partial<Record<Dataset, (world: World, all: readonly DailyBars[], part: readonly DailyBars[], span: DaySpan) => Frame>>> = {
  ods_moneyflow: (world, _all, part, span) => moneyFlowFrame(world, part, span),
  ods_margin_detail: marginDetailFrame,
  ods_cyq_perf: (world, _all, part, span) => chipCostFrame(world, part, span),
  ods_cyq_chips: (world, _all, part, span) => chipsFrame(world, part, span),
}

const WALKED_ROWS_PER_PAGE = 250_000

async function* walkedPages(
  world: World,
  stocks: readonly Stock[],
  barsOf: BarsOf,
  { dataset, from, to }: FetchRequest,
  signal?: AbortSignal,
): AsyncGenerator<Page> {
  const frameFor = WALKED[dataset]!
  const dates = world.dates.filter((date) => date >= from && date <= to)
  if (dates.length === 0) return
  const span = { first: world.dayOf.get(dates[0]!)!, last: world.dayOf.get(dates.at(-1)!)! }
  const all = await allBars(world.stocks, barsOf, signal)
  const stocksPerPage = Math.max(1, Math.floor(WALKED_ROWS_PER_PAGE / dates.length))
  for (let at = 0; at < stocks.length; at += stocksPerPage) {
    await breathe()
    signal?.throwIfAborted()
    yield { dataset, dates, frame: frameFor(world, all, stocks.slice(at, at + stocksPerPage).map(barsOf), span) }
  }
}

/** Reports are given back to here: those before the world's first day too, or the first year would have no books. */
const BOOKS_FROM = tradeDate(19900101)

const INDEX_FRAMES: Readonly<Partial<Record<Dataset, (world: World, bars: readonly DailyBars[], indices: readonly IndexDays[], span: DaySpan) => Frame>>> = {
  ods_index_daily: (world, _bars, indices, span) => indexDailyFrame(world, indices, span),
  ods_index_member: indexMemberFrame,
  ods_index_weight: indexWeightFrame,
}

/** Indices and the totals of an exchange are computed from all stocks of the world, whichever are asked for. */
async function* wholePages(world: World, barsOf: BarsOf, { dataset, from, to, codes }: FetchRequest): AsyncGenerator<Page> {
  const dates = world.dates.filter((date) => date >= from && date <= to)
  if (dates.length === 0) return
  const span = { first: world.dayOf.get(dates[0]!)!, last: world.dayOf.get(dates.at(-1)!)! }
  const bars = await allBars(world.stocks, barsOf)
  if (dataset === 'ods_margin') {
    yield { dataset, dates, frame: marginFrame(world, bars, span) }
    return
  }
  const indices = [...indexDays(world, bars), ...sectorDays(world, bars)].filter(({ code }) => codes === undefined || codes.includes(code))
  yield { dataset, dates, frame: INDEX_FRAMES[dataset]!(world, bars, indices, span) }
}

async function* barPages(
  world: World,
  stocks: readonly Stock[],
  barsOf: BarsOf,
  { dataset, from, to }: FetchRequest,
  signal?: AbortSignal,
): AsyncGenerator<Page> {
  const frameFor = FRAMES[dataset as keyof typeof FRAMES]
  const bars = await allBars(stocks, barsOf, signal)
  const dates = world.dates.filter((date) => date >= from && date <= to)
  const daysPerPage = Math.max(1, Math.floor(ROWS_PER_PAGE / Math.max(1, bars.length)))
  for (let at = 0; at < dates.length; at += daysPerPage) {
    signal?.throwIfAborted()
    const part = dates.slice(at, at + daysPerPage)
    yield { dataset, dates: part, frame: frameFor(world, bars, { first: world.dayOf.get(part[0]!)!, last: world.dayOf.get(part.at(-1)!)! }) }
  }
}

/** The bars of many stocks, drawn where they were not yet; lets other work in every few stocks. */
async function allBars(stocks: readonly Stock[], barsOf: BarsOf, signal?: AbortSignal): Promise<readonly DailyBars[]> {
  const bars: DailyBars[] = []
  for (const stock of stocks) {
    if (bars.length % 64 === 63) await breathe()
    signal?.throwIfAborted()
    bars.push(barsOf(stock))
  }
  return bars
}

/** Pages made of ticks; pictures of the book, forty columns wide, a stock-day a page. */
async function* tickPages(
  world: World,
  stocks: readonly Stock[],
  barsOf: BarsOf,
  { dataset, from, to }: FetchRequest,
  signal?: AbortSignal,
): AsyncGenerator<Page> {
  const stocksPerPage = Math.floor(ROWS_PER_PAGE / MOST_RECORDS)
  const byCode = new Map<string, Stock>(stocks.map((stock) => [stock.code, stock]))
  for (const date of world.dates.filter((date) => date >= from && date <= to))
    for (let at = 0; at < stocks.length; at += stocksPerPage) {
      const days = await tickDays(world, stocks.slice(at, at + stocksPerPage), barsOf, date, signal)
      const stockOf = (ticks: TickDay) => byCode.get(ticks.code)!
      if (dataset === 'ods_tick') yield { dataset, dates: [date], frame: tickFrame(days, 'simulator') }
      else if (dataset === 'ods_minute_bar') {
        const minutes = days.map((ticks) => ({ ticks, stock: stockOf(ticks) }))
        yield { dataset, dates: [date], frame: minuteFrame(minutes, 'simulator') }
      } else
        for (const ticks of days) {
          signal?.throwIfAborted()
          yield { dataset, dates: [date], frame: bookPictures(world, barsOf(stockOf(ticks)), ticks, 'simulator') }
        }
    }
}

/** Ticks are those of the work set, unless stocks are asked for by name. */
function withDetail(world: World, stocks: readonly Stock[], codes: readonly string[] | undefined): readonly Stock[] {
  if (codes !== undefined) return stocks
  const ticking = tickingStocks(world)
  return stocks.filter((stock) => ticking.has(stock))
}

/** More records than this a stock-day never has (tick-path.ts draws 1,500 on average at most, plus two auctions). */
const MOST_RECORDS = 1600

/** The tick days of a date, in the order of the stocks; a stock that does not trade is left out. Lets other work in every few stocks. */
async function tickDays(world: World, stocks: readonly Stock[], barsOf: BarsOf, date: TradeDate, signal?: AbortSignal): Promise<readonly TickDay[]> {
  const at = world.dayOf.get(date)
  if (at === undefined) return []
  const days: TickDay[] = []
  for (const [k, stock] of stocks.entries()) {
    if (k % 16 === 15) await breathe()
    signal?.throwIfAborted()
    const day = tickDay(world, barsOf(stock), at)
    if (day !== undefined) days.push(day)
  }
  return days
}

/** The stock list with the initials people type into a search box: 贵州茅台 → gzmt. */
function withPinyin(frame: Frame): Frame {
  const { index, values } = labels(frame, 'name')
  const initials = values.map((name) => pinyin(name, { pattern: 'first', toneType: 'none', type: 'array', nonZh: 'consecutive' }).join('').toLowerCase())
  return frameOf({ ...frame.columns, pinyin: { index, values: initials } })
}

function chosen(world: World, codes: readonly string[] | undefined): readonly Stock[] {
  if (codes === undefined) return world.stocks
  const wanted = new Set(codes)
  return world.stocks.filter(({ code }) => wanted.has(code))
}

function lazily<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | undefined
  return () => (made ??= { value: make() }).value
}
