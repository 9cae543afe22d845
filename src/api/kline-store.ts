import { minutesOf, sessionMinutes } from '#core/kline-interval.ts'
import { lastEnded, marketCalendar } from '#core/market-day.ts'
import { PROFILES } from '#core/market-profile.ts'
import { marketOf } from '#core/symbol.ts'
import type { EpochMs, TradeDate } from '#core/trade-date.ts'
import { zoneDate, type Zone } from '#core/zone-time.ts'
import { decodeCursor, encodeCursor, type KlineCursor } from './kline-cursor.ts'
import { EncodedReply } from './kline-encoded.ts'
import { canFold, daysBefore, KlineHistory, type FactorHistory } from './kline-history.ts'
import { barsJson } from './kline-json.ts'
import { ByteLru } from './kline-lru.ts'
import { pageOf, type Page, type Wanted } from './kline-page.ts'
import { Publications, type Publication } from './kline-publication.ts'
import type { SeriesRequest } from './kline-query.ts'
import { dailySeries, labelOf, minuteSeries, withLive, withLiveDay, type How, type Known, type Series } from './kline-series.ts'
import { refuseUnknownSymbol } from './kline-symbol.ts'
import { testedDate } from './lived-date.ts'
import { Refusal, type RouteContext } from './route.ts'

/** Encoded replies kept: some three thousand pages of 200 bars. */
const BLOCK_BYTES = 64 * 1024 * 1024

/** Requests that may wait for the engine at the same time; more are asked to come back. */
const MOST_WAITING = 4096

/** How long a reply with a forming bar is sent again as it is, in milliseconds. */
const FORMING_MS = 500

/** Days after which a bar is not corrected any more (spec simulator §18.1). */
const CORRECTION_DAYS = 5

interface Block {
  readonly encoded: EncodedReply
  /** Past this instant the block is made again; absent = until something is published. */
  readonly until: number | undefined
  /** The session of the symbol’s market that it was made in: the next one begins a day it does not show. */
  readonly session: string | undefined
  readonly bytes: number
}

/** K 线存取: answers requests for bars out of encoded blocks, and makes the blocks that are missing. A publication of any table of bars forgets them all. */
export class KlineStore {
  readonly #context: RouteContext
  readonly #publications: Publications
  readonly #history: KlineHistory
  readonly #blocks = new ByteLru<Block>(BLOCK_BYTES)
  readonly #making = new Map<string, Promise<EncodedReply>>()
  readonly #mostWaiting: number
  #stamp = ''

  constructor(context: RouteContext, mostWaiting = MOST_WAITING) {
    this.#context = context
    this.#mostWaiting = mostWaiting
    this.#publications = new Publications(context.engine, context.clock, context.folded)
    this.#history = new KlineHistory(context.engine, context)
  }

  /** One page of a series. Throws Refusal for a cursor that does not belong to the request, an unknown stock, or data that are not there yet. */
  async page(request: SeriesRequest, cursorText?: string): Promise<EncodedReply> {
    const now = this.#context.clock.now()
    const known = this.#publications.now()
    const publication = known instanceof Promise ? await known : known
    const stamp = `${publication.stamp} ${this.#context.warehouse.lastCompleted()}`
    if (stamp !== this.#stamp) {
      this.#stamp = stamp
      this.#blocks.clear()
      this.#making.clear()
      this.#history.renew(stamp)
    }
    const key = `${JSON.stringify(request)}${cursorText ?? ''}`
    const block = this.#blocks.get(key)
    const session = this.#context.live.sessionOf(request.symbol)
    if (block !== undefined && (block.until === undefined || now < block.until) && block.session === session) return block.encoded
    const making = this.#making.get(key)
    if (making !== undefined) return making
    if (this.#making.size >= this.#mostWaiting)
      throw new Refusal(429, 'RATE_LIMITED', `Cannot answer now: ${this.#mostWaiting} requests are waiting already. Ask again in a second`)
    const made = this.#make(request, cursorOf(request, cursorText, now), publication, now).then(
      ({ encoded, isForming }) => {
        if (stamp !== this.#stamp) return encoded
        this.#making.delete(key)
        const until = isForming || session !== undefined ? this.#context.clock.now() + FORMING_MS : undefined
        this.#blocks.set(key, { encoded, until, session, bytes: encoded.bytes + key.length })
        return encoded
      },
      (error: unknown) => {
        if (stamp === this.#stamp) this.#making.delete(key)
        throw error
      },
    )
    this.#making.set(key, made)
    return made
  }

  async #make(request: SeriesRequest, cursor: KlineCursor | undefined, publication: Publication, now: number) {
    const { symbol, adjust } = request
    const market = marketOf(symbol)
    const isDaily = minutesOf(request.interval) === undefined
    const tested = testedDate(this.#context.live, symbol)
    // The two are read at the same time; the second is kept for the page.
    const [factors] = await Promise.all([
      adjust === 'none' ? undefined : this.#history.factors(symbol),
      isDaily ? this.#history.daily(symbol) : this.#history.minuteDays(symbol),
    ])
    const asof = adjust !== 'qfq' ? 0 : (request.asof ?? cursor?.asof ?? tested ?? factors!.date[factors!.date.length - 1] ?? 0)
    const wanted = wantedOf(request, cursor)
    const bounds = cursor?.bounds ?? [request.start ?? null, request.end ?? null]
    const range: readonly [number, number] = bounds[0] === null || bounds[1] === null ? [-Infinity, Infinity] : [bounds[0], bounds[1]]
    const live = this.#context.live.minutesOf(symbol)
    const completed = market === 'cn' ? this.#context.warehouse.lastCompleted() : lastEnded(market, now as EpochMs)
    const lastCompleted = tested === undefined ? completed : live === undefined ? marketCalendar(market).previous(tested) : tested
    const known: Known = { reference: asof, lastCompleted, live }
    const asked: Asked = { how: { ...request, market }, factors, known, hiddenFrom: tested ?? Infinity, wanted, range }
    const cut = await (isDaily ? this.#daily(asked) : this.#minutes(asked))
    if (cut.latest === undefined) await this.#refuseUnknown(symbol, TABLES[market === 'cn' ? 'cn' : 'foreign'][isDaily ? 'daily' : 'minutes'], publication)
    const { series, page, latest } = cut
    const edge = (direction: 'next' | 'prev', row: number) =>
      encodeCursor({ symbol, interval: request.interval, adjust, direction, time: series.key[row]!, asof, bounds }, now)
    const isEmpty = page.first === page.end
    const isFinal = series.final.subarray(page.first, page.end).every((final) => final === 1)
    const data = `{"symbol":"${symbol}","interval":"${request.interval}","adjust":"${adjust}","label":"${request.label}","timezone":"${PROFILES[market].zone}",
"source":"${this.#context.warehouse.simulated ? 'sim' : 'warehouse'}","count":${page.end - page.first},"klines":${barsJson(series, page.first, page.end, request.format, request.fields)},
"next_cursor":${isEmpty || !page.hasNewer ? 'null' : `"${edge('next', page.end - 1)}"`},"prev_cursor":${isEmpty || !page.hasOlder ? 'null' : `"${edge('prev', page.first)}"`},
"latest_time":${latest ?? 'null'}}`.replaceAll('\n', '')
    const isPinned = adjust !== 'qfq' || request.asof !== undefined || cursor !== undefined
    const isClosed = !isEmpty && (page.hasNewer || wanted.before < Infinity)
    const isOld =
      !isEmpty && zoneDate(PROFILES[market].zone, series.key[page.end - 1]! as EpochMs) <= marketCalendar(market).shift(known.lastCompleted, -CORRECTION_DAYS)
    const cacheControl = !isFinal ? 'private, max-age=1' : isClosed && isOld && isPinned ? 'private, max-age=86400, immutable' : 'private, no-cache'
    return { encoded: new EncodedReply(data, cacheControl), isForming: !isFinal }
  }

  async #daily({ how, factors, known, hiddenFrom, wanted, range }: Asked): Promise<Cut> {
    const daily = daysBefore(await this.#history.daily(how.symbol), hiddenFrom)
    const last = daily.date[daily.date.length - 1] ?? 0
    const live = known.live !== undefined && known.live.date > last ? known.live : undefined
    const series = dailySeries(withLiveDay(daily, live), factors, how, { ...known, live })
    return { series, page: pageOf(series, wanted, range), latest: series.time.at(-1) }
  }

  /** Reads as many days as the page needs, and more while days are shorter than a full session. */
  async #minutes({ how, factors, known, hiddenFrom, wanted, range }: Asked): Promise<Cut> {
    const minutes = minutesOf(how.interval)!
    const stored = await this.#history.minuteDays(how.symbol)
    const shown = stored.date.map((_, i) => i).filter((i) => stored.date[i]! < hiddenFrom)
    const rows = shown.filter((i) => canFold(stored.minutes[i]!, minutes))
    const days = rows.map((i) => stored.date[i]!)
    const live = known.live !== undefined && known.live.date > (stored.date[shown.at(-1) ?? -1] ?? 0) ? known.live : undefined
    const latest =
      live !== undefined
        ? labelOf(how, live.date, live.bars.slot[live.bars.slot.length - 1]!)
        : rows.length === 0
          ? undefined
          : labelOf(how, days.at(-1)!, stored.lastSlot[rows.at(-1)!]!)
    const { zone, session } = PROFILES[how.market]
    const perDay = Math.ceil(sessionMinutes(session) / minutes)
    const anchor = wanted.forward ? Math.max(wanted.from, wanted.after) : Math.min(wanted.to, wanted.before)
    const anchorDate = Number.isFinite(anchor) ? zoneDate(zone, anchor as EpochMs) : wanted.forward ? 0 : 99_999_999
    const found = days.findIndex((day) => (wanted.forward ? day >= anchorDate : day > anchorDate))
    const place = found < 0 ? days.length : found
    for (let count = Math.ceil((wanted.limit + 1) / perDay) + 1; ; count *= 4) {
      const first = wanted.forward ? Math.max(0, place - 1) : Math.max(0, place - count)
      const end = wanted.forward ? Math.min(days.length, place + count) : Math.min(days.length, place + 1)
      const read = first < end ? await this.#history.minutes(how.symbol, minutes, days[first]!, days[end - 1]!) : NOTHING
      const series = minuteSeries(end === days.length ? withLive(read, live) : read, factors, how, { ...known, live })
      const page = pageOf(series, wanted, range)
      const isWhole = wanted.forward ? end === days.length : first === 0
      if (page.end - page.first < wanted.limit && !isWhole) continue
      const hasOlder = page.hasOlder || (first > 0 && days[first - 1]! >= dayAt(zone, range[0], 0))
      const hasNewer = page.hasNewer || (end < days.length && days[end]! <= dayAt(zone, range[1], 99_999_999))
      return { series, page: { ...page, hasOlder, hasNewer }, latest }
    }
  }

  /** Nothing is known of the stock at this interval: is there no such stock, or are its bars not there yet? */
  async #refuseUnknown(symbol: string, table: BarTable, { isPublished }: Publication): Promise<void> {
    const notReady = () => new Refusal(503, 'DATA_NOT_READY', `Cannot show bars of ${symbol}: ${table} has no rows yet. Build it with \`fupan run\``, { table })
    if (Object.values(isPublished).every((each) => !each)) throw notReady()
    await refuseUnknownSymbol(this.#context.engine, symbol, 'bars')
    if (!isPublished[table]) throw notReady()
  }
}

/** One page of bars of one stock, and what is known for it. */
interface Asked {
  readonly how: SeriesRequest & How
  readonly factors: FactorHistory | undefined
  readonly known: Known
  /** Days stored from here on are not known yet. */
  readonly hiddenFrom: number
  readonly wanted: Wanted
  readonly range: readonly [number, number]
}

type BarTable = keyof Publication['isPublished']

/** Where bars are stored. */
const TABLES = {
  cn: { daily: 'dwd_daily', minutes: 'market_klines' },
  foreign: { daily: 'ods_foreign_daily', minutes: 'ods_foreign_minute' },
} as const satisfies Record<string, Readonly<Record<'daily' | 'minutes', BarTable>>>

/** A page of a series, and the label of the newest bar there is; absent when there is none. */
interface Cut {
  readonly series: Series
  readonly page: Page
  readonly latest: number | undefined
}

const NOTHING = {
  day: [],
  slot: [],
  open: new Float64Array(),
  high: new Float64Array(),
  low: new Float64Array(),
  close: new Float64Array(),
  volume: new Float64Array(),
  amount: new Float64Array(),
  trades: new Float64Array(),
}

function dayAt(zone: Zone, instant: number, otherwise: number): TradeDate {
  return (Number.isFinite(instant) ? zoneDate(zone, instant as EpochMs) : otherwise) as TradeDate
}

function wantedOf(request: SeriesRequest, cursor: KlineCursor | undefined): Wanted {
  const { limit } = request
  if (cursor === undefined)
    return { forward: request.start !== undefined, limit, from: request.start ?? -Infinity, to: request.end ?? Infinity, after: -Infinity, before: Infinity }
  const [from, to] = cursor.bounds[0] === null || cursor.bounds[1] === null ? [-Infinity, Infinity] : [cursor.bounds[0], cursor.bounds[1]]
  const isNext = cursor.direction === 'next'
  return { forward: isNext, limit, from, to, after: isNext ? cursor.time : -Infinity, before: isNext ? Infinity : cursor.time }
}

/** The cursor of a request, refused when it is not one of ours for this very series. */
function cursorOf(request: SeriesRequest, text: string | undefined, now: number): KlineCursor | undefined {
  if (text === undefined) return undefined
  const cursor = decodeCursor(text, now)
  if (cursor === 'expired')
    throw new Refusal(409, 'CURSOR_EXPIRED', 'Cannot go on from this cursor: it has expired. Ask for the first page again', { parameter: 'cursor' })
  const wrong =
    cursor === 'bad'
      ? 'it was not issued by this API'
      : cursor.symbol !== request.symbol || cursor.interval !== request.interval || cursor.adjust !== request.adjust
        ? `it goes on with ${cursor.symbol} ${cursor.interval} ${cursor.adjust}`
        : (request.start !== undefined && request.start !== cursor.bounds[0]) || (request.end !== undefined && request.end !== cursor.bounds[1])
          ? 'it goes on within other bounds; leave start and end out'
          : request.asof !== undefined && cursor.asof !== 0 && request.asof !== cursor.asof
            ? `it refers to the factor of ${cursor.asof}; leave asof out`
            : undefined
  if (wrong !== undefined || cursor === 'bad') throw new Refusal(400, 'BAD_PARAM', `Cannot go on from this cursor: ${wrong}`, { parameter: 'cursor' })
  return cursor
}
