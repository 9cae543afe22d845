import type { FastifyInstance } from 'fastify'
import { afterEach, expect, test } from 'vitest'
import { aShareCalendar } from '#core/a-share-calendar.ts'
import type { Clock } from '#core/clock.ts'
import { frameRows, isLabels, labelAt, type Frame } from '#core/frame.ts'
import { clockTime, instantOf } from '#core/shanghai-time.ts'
import type { Dataset, Page, Source } from '#core/source.ts'
import { tradeDate, type EpochMs } from '#core/trade-date.ts'
import { absentRows, checkRows } from '#imports/check-rows.ts'
import type { Fault, FaultConfig } from '#market/fault.ts'
import { faultPlan } from '#market/fault-plan.ts'
import { createWorld } from '#market/world.ts'
import { simulator } from '#sources/simulator.ts'
import { tushare } from '#sources/tushare.ts'
import { httpTransport } from '#vendor/http-transport.ts'
import { toldOnce } from '#vendor/fault-log.ts'
import { QuoteDesk } from '#vendor/quote-desk.ts'
import { createVendorServer } from '#vendor/vendor-server.ts'

const dates = aShareCalendar.dates(tradeDate(20260105), tradeDate(20260331))
const settings = { seed: 31, size: 60, dates }
const FIRST = dates[0]!
const FINAL = dates.at(-1)!
const day = (k: number) => dates[k]!
const truth = simulator(settings)
const world = createWorld(settings)
const TOKEN = 'a token of tests, secret'
/** The evening two days after the last date: everything is published. */
const after = (instantOf(FINAL, 0) + 2 * 86_400_000) as EpochMs

let server: FastifyInstance | undefined
afterEach(async () => {
  await server?.close()
  server = undefined
})

interface Vendors {
  readonly url: string
  readonly faults: Fault[]
  readonly set: (now: EpochMs) => void
}

async function vendors(config: FaultConfig = { rates: {} }, now: EpochMs = after, ratePerMinute = Infinity): Promise<Vendors> {
  const faults: Fault[] = []
  let market = now
  const context = {
    source: truth,
    desk: new QuoteDesk(world),
    plan: faultPlan(config, 5),
    token: TOKEN,
    ratePerMinute,
    now: () => market,
    wallNow: () => 0 as EpochMs,
    onFault: toldOnce((fault) => faults.push(fault)),
  }
  server = await createVendorServer({ context, pushEveryMs: 10 })
  return { url: await server.listen({ host: '127.0.0.1', port: 0 }), faults, set: (to) => (market = to) }
}

/** A clock that jumps over its sleeps and remembers them. */
function jumpingClock(start: EpochMs): Clock & { readonly slept: number[] } {
  let now: number = start
  const slept: number[] = []
  return {
    slept,
    now: () => now as EpochMs,
    async sleep(ms) {
      slept.push(ms)
      now += ms
    },
  }
}

function tushareAt(url: string, clock: Clock, token = TOKEN): Source {
  return tushare({ token, transport: httpTransport(`${url}/tushare`), clock, callsPerMinute: Infinity })
}

async function pagesOf(source: Source, dataset: Dataset, from = FIRST, to = FINAL, codes?: readonly string[]): Promise<Page[]> {
  const pages: Page[] = []
  for await (const page of source.fetch({ dataset, from, to, ...(codes === undefined ? {} : { codes }) })) pages.push(page)
  return pages
}

type Row = Record<string, string | number | undefined>

/** Rows by their whole content, so that the order does not matter; only the columns named. */
function rowsOf(frames: readonly Frame[], columns: readonly string[]): Row[] {
  return frames
    .flatMap((frame) =>
      Array.from({ length: frame.length }, (_, row) =>
        Object.fromEntries(
          columns.map((name) => {
            const column = frame.columns[name]
            const value = column === undefined ? undefined : isLabels(column) ? labelAt(column, row) : column[row]!
            return [name, typeof value === 'number' && Number.isNaN(value) ? undefined : value]
          }),
        ),
      ),
    )
    .toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))
}

const framesOf = (pages: readonly Page[]) => pages.map(({ frame }) => frame)

/** Columns of our own, which the vendor does not send or which the reader makes itself. */
const OWN = new Set(['source', 'row_hash', 'ext_json'])

test('every daily table fetched over the TuShare protocol has the rows the simulator gives directly', async () => {
  const { url } = await vendors()
  const source = tushareAt(url, jumpingClock(after))
  const [from, to] = [day(30), day(36)]
  const spans: Partial<Record<Dataset, readonly [typeof from, typeof to]>> = {
    ods_dividend: [FIRST, FINAL],
    ods_stock_st: [FIRST, FINAL],
  }
  for (const dataset of source.datasets) {
    const [first, last] = spans[dataset] ?? [from, to]
    const direct = await pagesOf(truth, dataset, first, last)
    const fetched = await pagesOf(source, dataset, first, last)
    const columns = Object.keys(direct[0]!.frame.columns).filter((name) => !OWN.has(name))
    expect(
      fetched.flatMap(({ rejected }) => rejected ?? []),
      dataset,
    ).toEqual([])
    // TuShare has the sector indices in a table of its own, which is not fetched.
    const asked = rowsOf(framesOf(direct), columns).filter(({ ts_code }) => dataset !== 'ods_index_daily' || !String(ts_code).endsWith('.SI'))
    expect(rowsOf(framesOf(fetched), columns), dataset).toEqual(asked)
    expect(fetched.flatMap((page) => page.dates)).toEqual(direct.flatMap((page) => page.dates))
    if (dataset !== 'ods_dividend' && dataset !== 'ods_stock_st') expect(direct[0]!.frame.length, dataset).toBeGreaterThan(0)
  }
})

test('the vendor gives a day from its hour on, and nothing that is later', async () => {
  const today = day(40)
  const { url, set } = await vendors({ rates: {} }, instantOf(today, clockTime('16:59')))
  const source = tushareAt(url, jumpingClock(after))
  const rows = async (dataset: Dataset, date = today) => (await pagesOf(source, dataset, date, date)).reduce((sum, { frame }) => sum + frame.length, 0)
  expect(await pagesOf(source, 'ods_daily', today, today)).toEqual([])
  expect([(await rows('ods_adj_factor')) > 40, (await rows('ods_daily', day(39))) > 40]).toEqual([true, true])
  set(instantOf(today, clockTime('17:00')))
  expect(await rows('ods_daily')).toBeGreaterThan(40)
  expect([await rows('ods_daily_basic'), await rows('ods_daily', day(41))]).toEqual([0, 0])
})

test('a wrong token, an unknown interface and a wrong parameter end at once, and no message tells the token', async () => {
  const { url } = await vendors()
  const clock = jumpingClock(after)
  const bad = tushareAt(url, clock, 'another secret token')
  await expect(pagesOf(bad, 'ods_daily')).rejects.toMatchObject({ trouble: 'TOKEN', message: expect.not.stringContaining('another secret token') as string })
  const ask = async (body: object) => {
    const response = await fetch(`${url}/tushare`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) })
    return { status: response.status, ...((await response.json()) as { code: number; msg: string }) }
  }
  expect(await ask({ api_name: 'moneyflow_of_nobody', token: TOKEN, params: {}, fields: '' })).toMatchObject({ status: 200, code: 2002 })
  expect(await ask({ api_name: 'daily', token: TOKEN, params: {}, fields: '' })).toMatchObject({ status: 200, code: -2001 })
  expect(await ask({ api_name: 'daily', token: TOKEN, params: { trade_date: '20261399' }, fields: '' })).toMatchObject({ code: -2001 })
  expect(await ask({ api_name: '../../etc/passwd', token: TOKEN })).toMatchObject({ code: -2001 })
  expect(await ask({ api_name: 'daily', token: TOKEN, extra: 1 })).toMatchObject({ code: -2001 })
  expect(clock.slept).toEqual([])
  const huge = await fetch(`${url}/tushare`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: `{"x":"${'y'.repeat(200_000)}"}` })
  expect(((await huge.json()) as { code: number }).code).toBe(-2001)
})

test('a server that does not know the after-hours columns is asked without them, and they are missing', async () => {
  const { url } = await vendors()
  const honest = httpTransport(`${url}/tushare`)
  const asked: string[] = []
  const source = tushare({
    token: TOKEN,
    clock: jumpingClock(after),
    callsPerMinute: Infinity,
    async transport(body, signal) {
      const { fields } = JSON.parse(body) as { fields: string }
      asked.push(fields)
      return fields.includes('ah_vol')
        ? { status: 200, retryAfter: undefined, body: '{"code":-2001,"msg":"参数错误: ah_vol","data":null}' }
        : honest(body, signal)
    },
  })
  const [page] = await pagesOf(source, 'ods_daily', day(30), day(30))
  expect(asked.map((fields) => fields.includes('ah_vol'))).toEqual([true, false])
  expect(page!.frame.length).toBeGreaterThan(40)
  expect(page!.frame.columns['ah_vol']).toBeUndefined()
})

test('the client follows pages up to the last row and asks by no more than the interface’s cap', async () => {
  const { url } = await vendors()
  const code = world.stocks.find(({ listDay }) => listDay < 0)!.code
  const pages: unknown[][] = []
  for (let offset = 0; ; offset += 10) {
    const response = await fetch(`${url}/tushare`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ api_name: 'daily', token: TOKEN, params: { ts_code: code, limit: 10, offset }, fields: 'trade_date,close' }),
    })
    const { data } = (await response.json()) as { data: { fields: string[]; items: unknown[][]; has_more: boolean; count: number } }
    expect(data.fields).toEqual(['trade_date', 'close'])
    expect(data.items.length).toBeLessThanOrEqual(10)
    pages.push(...data.items)
    expect(data.has_more).toBe(pages.length < data.count)
    if (!data.has_more) break
  }
  const direct = rowsOf(framesOf(await pagesOf(truth, 'ods_daily', FIRST, FINAL, [code])), ['trade_date', 'close'])
  expect(pages).toEqual(direct.map(({ trade_date, close }) => [String(trade_date), close]))
})

test('with every trouble of a network the same rows come in the end: Retry-After is kept to, back-off grows, cut pages are asked for again', async () => {
  const rates = { http_429: 0.15, http_429_bare: 0.1, error_code: 0.1, server_error: 0.15, connection_reset: 0.15, slow_response: 0.05, truncated_page: 0.3 }
  const { url, faults } = await vendors({ rates, retryAfterSeconds: 7, slowMs: 5 })
  const clock = jumpingClock(after)
  const source = tushareAt(url, clock)
  const [from, to] = [day(10), day(39)]
  for (const dataset of ['ods_daily', 'ods_adj_factor'] as const) {
    const columns = ['trade_date', 'ts_code', dataset === 'ods_daily' ? 'close' : 'adj_factor']
    expect(rowsOf(framesOf(await pagesOf(source, dataset, from, to)), columns)).toEqual(rowsOf(framesOf(await pagesOf(truth, dataset, from, to)), columns))
  }
  const count = (kind: string) => faults.filter((fault) => fault.kind === kind).length
  for (const kind of Object.keys(rates)) expect(count(kind), kind).toBeGreaterThan(0)
  // Every fault costs a wait, except an answer that is only slow and a page that is cut.
  expect(clock.slept.length).toBe(faults.length - count('slow_response') - count('truncated_page'))
  expect(clock.slept.filter((ms) => ms === 7000).length).toBe(count('http_429'))
  const backOff = clock.slept.filter((ms) => ms !== 7000 && ms < 9000)
  expect(Math.min(...backOff)).toBeGreaterThanOrEqual(1000)
})

test('a vendor that is over its rate is waited for, minute by minute, and not for ever', async () => {
  const { url } = await vendors({ rates: {} }, after, 3)
  const clock = jumpingClock(after)
  await expect(pagesOf(tushareAt(url, clock), 'ods_daily', FIRST, day(5))).rejects.toMatchObject({ trouble: 'RATE_MINUTE' })
  const waits = clock.slept.filter((ms) => ms > 1000)
  expect(waits.length).toBeGreaterThanOrEqual(10)
  expect(Math.max(...waits)).toBeLessThanOrEqual(63_000)
})

/** Kinds that each show in the rows of one fetched table, and nowhere else. */
const ROW_RATES = {
  duplicate_row: 0.01,
  out_of_order: 0.01,
  late_row: 0.01,
  outlier: 0.01,
  wrong_ohlc: 0.01,
  bad_row: 0.01,
  late_adj_factor: 0.01,
  missing_day: 0.05,
}

test('the checks of rows and of absent rows find at least 99 % of the hard faults, and call at most 0.1 % of the good rows bad', async () => {
  // Five minutes after the last bars are due nothing that is late has come.
  const { url, faults } = await vendors({ rates: ROW_RATES }, instantOf(FINAL, clockTime('17:05')))
  const source = tushareAt(url, jumpingClock(after))
  const [daily, factors, suspended] = [await pagesOf(source, 'ods_daily'), await pagesOf(source, 'ods_adj_factor'), await pagesOf(source, 'ods_suspend_d')]
  const found = new Set<string>()
  let rows = 0
  const checked = (pages: readonly Page[], table: string) =>
    pages.map(({ frame, rejected }) => {
      rows += frame.length
      const result = checkRows(frame, { name: table, grain: ['trade_date', 'ts_code'] })
      for (const { found: text, reason } of [...(rejected ?? []), ...result.rejected]) {
        const code = /\d{6}\.[A-Z]{2}/.exec(text)?.[0]
        if (code !== undefined) found.add(`${table} ${reason === 'DUPLICATE' ? 'twice' : 'bad'} ${/\b20\d{6}\b/.exec(text)![0]} ${code}`)
      }
      return result.frame
    })
  const bars = checked(daily, 'ods_daily')
  for (const { table, date, code } of absentRows({ bars, factors: checked(factors, 'ods_adj_factor'), suspended: framesOf(suspended) }))
    found.add(`${table} absent ${date} ${code}`)
  const expected = new Map<string, string>()
  const goneDays = new Set<string>()
  for (const { kind, entity, date, detail } of faults) {
    const table = String(detail['dataset'])
    if (table !== 'ods_daily' && table !== 'ods_adj_factor') continue
    if (kind === 'missing_day') goneDays.add(`${table} ${date}`)
    else if (kind === 'duplicate_row') expected.set(`${table} twice ${date} ${entity}`, kind)
    // Late rows of earlier days have come by now; those that are not there show as absent.
    else if (kind === 'late_row' || kind === 'late_adj_factor') expected.set(`${table} absent ${date} ${entity}`, kind)
    else if (kind !== 'out_of_order') expected.set(`${table} bad ${date} ${entity}`, kind)
  }
  const known = [...expected.keys()].filter((key) => found.has(key))
  const outstanding = (table: string, pages: readonly Page[]) => {
    const here = new Set(pages.flatMap((page) => page.dates))
    return dates.filter((date) => !here.has(date)).map((date) => `${table} ${date}`)
  }
  const notReady = new Set([...outstanding('ods_daily', daily), ...outstanding('ods_adj_factor', factors)])
  const days = [...goneDays].filter((key) => notReady.has(key))
  expect([...notReady].filter((key) => !goneDays.has(key))).toEqual([])
  expect(expected.size).toBeGreaterThan(100)
  expect(goneDays.size).toBeGreaterThan(2)
  expect((known.length + days.length) / (expected.size + goneDays.size)).toBeGreaterThanOrEqual(0.99)
  const isExplained = (key: string) => {
    const [table, what, date, code] = key.split(' ') as [string, string, string, string]
    const other = table === 'ods_daily' ? 'ods_adj_factor' : 'ods_daily'
    // A row thrown out as bad is absent as well; a day without suspensions makes its suspended stocks look absent.
    return (
      expected.has(key) ||
      (what === 'absent' && expected.has(`${table} bad ${date} ${code}`)) ||
      (what === 'absent' && (goneDays.has(`${table} ${date}`) || goneDays.has(`${other} ${date}`))) ||
      faults.some(({ kind, date: own, detail }) => kind === 'missing_day' && detail['dataset'] === 'ods_suspend_d' && String(own) === date)
    )
  }
  expect([...found].filter((key) => !isExplained(key)).length / rows).toBeLessThanOrEqual(0.001)
  // Nothing wrong gets through: what is kept is what the simulator gives.
  const kept = rowsOf(bars, ['trade_date', 'ts_code', 'open', 'high', 'low', 'close', 'vol'])
  const right = new Set(
    rowsOf(framesOf(await pagesOf(truth, 'ods_daily')), ['trade_date', 'ts_code', 'open', 'high', 'low', 'close', 'vol']).map((row) => JSON.stringify(row)),
  )
  expect(kept.filter((row) => !right.has(JSON.stringify(row)))).toEqual([])
})

test('checkRows() and absentRows() find nothing in the simulator’s own rows', async () => {
  const [daily, factors, suspended] = (await Promise.all(
    (['ods_daily', 'ods_adj_factor', 'ods_suspend_d'] as const).map((dataset) => pagesOf(truth, dataset)),
  )) as [Page[], Page[], Page[]]
  for (const { dataset, frame } of [...daily, ...factors])
    expect(checkRows(frame, { name: dataset, grain: ['trade_date', 'ts_code'] })).toEqual({ frame, rejected: [] })
  expect(absentRows({ bars: framesOf(daily), factors: framesOf(factors), suspended: framesOf(suspended) })).toEqual([])
  const cut = frameRows(
    daily[0]!.frame,
    Uint32Array.from({ length: daily[0]!.frame.length - 3 }, (_, row) => row),
  )
  expect(absentRows({ bars: [cut], factors: framesOf(factors), suspended: framesOf(suspended) })).toHaveLength(3)
})
