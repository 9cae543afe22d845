import type { FastifyInstance } from 'fastify'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { aShareCalendar } from '#core/a-share-calendar.ts'
import type { Code } from '#core/code.ts'
import { clockTime, instantOf } from '#core/shanghai-time.ts'
import { tradeDate, type EpochMs } from '#core/trade-date.ts'
import type { Fault, FaultConfig } from '#market/fault.ts'
import { faultPlan } from '#market/fault-plan.ts'
import { createWorld } from '#market/world.ts'
import { simulator } from '#sources/simulator.ts'
import { readEastmoneyBars, readEastmoneyList, readEastmoneyStock, readEastmoneyTrades } from '#vendor/eastmoney-quotes.ts'
import { toldOnce } from '#vendor/fault-log.ts'
import { decodeGbk } from '#vendor/gbk.ts'
import { QuoteDesk } from '#vendor/quote-desk.ts'
import { readSinaQuotes } from '#vendor/sina-quotes.ts'
import { prefixedOf } from '#vendor/symbols.ts'
import { readTencentQuotes } from '#vendor/tencent-quotes.ts'
import { createVendorServer, marketClock } from '#vendor/vendor-server.ts'

const dates = aShareCalendar.dates(tradeDate(20260105), tradeDate(20260213))
const settings = { seed: 8, size: 40, dates }
const world = createWorld(settings)
const date = dates[20]!
const TOKEN = 'key of tests'
const at = (clock: string) => instantOf(date, clockTime(clock))
/** A stock of each exchange that trades that day. */
const traded = (suffix: string): Code => {
  const desk = new QuoteDesk(world)
  return world.stocks.find(({ code }) => code.endsWith(suffix) && (desk.quote(code, at('15:00:03'))?.volume ?? 0) > 0)!.code
}
const [sh, sz, bj] = [traded('.SH'), traded('.SZ'), traded('.BJ')]

let server: FastifyInstance | undefined
afterEach(async () => {
  await server?.close()
  server = undefined
})

async function vendors(clock: string, config: FaultConfig = { rates: {} }) {
  const faults: Fault[] = []
  let market = at(clock)
  const desk = new QuoteDesk(world)
  const context = {
    source: simulator(settings),
    desk,
    plan: faultPlan(config, 2),
    token: TOKEN,
    ratePerMinute: Infinity,
    now: () => market,
    wallNow: () => 0 as EpochMs,
    onFault: toldOnce((fault) => faults.push(fault)),
  }
  server = await createVendorServer({ context, pushEveryMs: 10 })
  const url = await server.listen({ host: '127.0.0.1', port: 0 })
  const get = async (path: string, headers: Readonly<Record<string, string>> = {}) => {
    const response = await fetch(`${url}${path}`, { headers })
    const bytes = new Uint8Array(await response.arrayBuffer())
    return { status: response.status, text: decodeGbk(bytes), utf8: new TextDecoder().decode(bytes) }
  }
  const set = (to: string) => (market = at(to))
  return { url, faults, desk, get, set }
}

const secid = (code: Code) => `${code.endsWith('.SH') ? 1 : 0}.${code.slice(0, 6)}`
const REFERER = { Referer: 'https://finance.sina.com.cn/' }

test('Tencent, Sina and Eastmoney tell the same quote of the same instant, and it moves with the clock', async () => {
  const { get, set, desk } = await vendors('10:30')
  for (const clock of ['10:30', '13:45', '15:30']) {
    set(clock)
    for (const code of [sh, sz, bj]) {
      const truth = desk.quote(code, at(clock))!
      const tencent = readTencentQuotes((await get(`/tencent/q=${prefixedOf(code)}`)).text)
      const sina = readSinaQuotes((await get(`/sina/list=${prefixedOf(code)}`, REFERER)).text)
      const stock = readEastmoneyStock((await get(`/eastmoney/api/qt/stock/get?secid=${secid(code)}&fltt=2`)).utf8, code.endsWith('.SH') ? 1 : 0)
      const [chosen] = readEastmoneyList((await get(`/eastmoney/api/qt/ulist.np/get?secids=${secid(code)}&fltt=2`)).utf8, true).quotes
      expect([tencent.bad, sina.bad, stock.bad]).toEqual([[], [], []])
      const { code: own, name, last, prevClose, open, high, low, volume } = truth
      const shared = { code: own, name, last, prevClose, open, high, low, volume: Math.round(volume / 100) * 100 }
      for (const quote of [tencent.quotes[0], stock.quotes[0], chosen]) expect(quote).toMatchObject(shared)
      expect(sina.quotes[0]).toMatchObject({ ...shared, volume })
      expect(tencent.quotes[0]!.bids.map(({ price }) => price)).toEqual(truth.bids.map(({ price }) => Number(price.toFixed(2))))
      expect(tencent.quotes[0]!.amount).toBeCloseTo(truth.amount, -1)
      if (code !== bj) expect(truth.volume).toBeGreaterThan(0)
    }
  }
})

test('at the end of the day the quotes are the daily bar, the records and the minutes add up to it', async () => {
  const { get, desk } = await vendors('15:30')
  const day = world.dayOf.get(date)!
  const bars = desk.barsOf(desk.stock(sh)!)
  const [quote] = readTencentQuotes((await get(`/tencent/q=${prefixedOf(sh)}`)).text).quotes
  expect([quote!.last, quote!.high, quote!.low, quote!.open].map((price) => Math.round(price * 1000))).toEqual([
    bars.close[day],
    bars.high[day],
    bars.low[day],
    bars.open[day],
  ])
  const trades = readEastmoneyTrades((await get(`/eastmoney/api/qt/stock/details/get?secid=${secid(sh)}&pos=0`)).utf8)
  expect(trades.reduce((sum, { volume }) => sum + volume, 0)).toBe(bars.volume[day])
  expect([trades[0]!.clock, trades.at(-1)!.clock, trades[0]!.side]).toEqual(['09:25:00', '15:00:00', 0])
  const minutes = readEastmoneyBars((await get(`/eastmoney/api/qt/stock/trends2/get?secid=${secid(sh)}`)).utf8, 'trends')
  expect([minutes.length, minutes[0]!.time.slice(11), minutes.at(-1)!.time.slice(11)]).toEqual([241, '09:30', '15:00'])
  expect(minutes.reduce((sum, { volume }) => sum + volume, 0)).toBe(bars.volume[day])
  const days = readEastmoneyBars((await get(`/eastmoney/api/qt/stock/kline/get?secid=${secid(sh)}&klt=101&fqt=0`)).utf8, 'klines')
  expect(days.at(-1)).toMatchObject({ open: bars.open[day]! / 1000, close: bars.close[day]! / 1000, volume: bars.volume[day] })
  const halfHours = readEastmoneyBars((await get(`/eastmoney/api/qt/stock/kline/get?secid=${secid(sh)}&klt=30&fqt=0&beg=${date}&end=${date}`)).utf8, 'klines')
  expect(halfHours.map(({ time }) => time.slice(11))).toEqual(['10:00', '10:30', '11:00', '11:30', '13:30', '14:00', '14:30', '15:00'])
  expect(halfHours.reduce((sum, { volume }) => sum + volume, 0)).toBe(bars.volume[day])
  const pages: string[] = []
  for (let page = 0; ; page++) {
    const { text } = await get(`/tencent/data/index.php?appn=detail&action=data&c=${prefixedOf(sh)}&p=${page}`)
    if (text === '') break
    expect(text).toMatch(/^v_detail_data_sh\d{6}=\[\d+,"[^"]+"\];$/)
    pages.push(...text.slice(text.indexOf('"') + 1, text.lastIndexOf('"')).split('|'))
  }
  expect(pages.length).toBe(trades.length)
})

test('before the open nothing has traded, and what is later is never told', async () => {
  const { get, set } = await vendors('09:16')
  const quoteOf = async () => readTencentQuotes((await get(`/tencent/q=${prefixedOf(sh)}`)).text).quotes[0]!
  expect(await quoteOf()).toMatchObject({ last: 0, volume: 0, bids: [] })
  set('11:00')
  const minutes = readEastmoneyBars((await get(`/eastmoney/api/qt/stock/trends2/get?secid=${secid(sh)}`)).utf8, 'trends')
  expect(minutes.at(-1)!.time.slice(11)).toBe('11:00')
  const days = readEastmoneyBars((await get(`/eastmoney/api/qt/stock/kline/get?secid=${secid(sh)}&klt=101&fqt=0`)).utf8, 'klines')
  expect(days.every(({ time }) => Number(time.replaceAll('-', '')) < date)).toBe(true)
})

test('the list gives at most 100 rows a page, every stock once, whole numbers without fltt=2, and JSONP with a callback', async () => {
  const { get } = await vendors('14:00')
  const codes: string[] = []
  for (let page = 1; ; page++) {
    const { quotes, bad, total } = readEastmoneyList((await get(`/eastmoney/api/qt/clist/get?pn=${page}&pz=15&po=0&fltt=2`)).utf8, true)
    if (quotes.length === 0) break
    expect(bad).toEqual([])
    expect(quotes.length).toBeLessThanOrEqual(15)
    codes.push(...quotes.map(({ code }) => code))
    expect(codes.length).toBeLessThanOrEqual(total)
  }
  const listed = world.stocks.filter(({ listDay }) => listDay <= 20).map(({ code }) => code)
  expect(codes.toSorted()).toEqual(listed.toSorted())
  const [decimals, whole] = [
    readEastmoneyList((await get(`/eastmoney/api/qt/ulist.np/get?secids=${secid(sh)}&fltt=2`)).utf8, true),
    readEastmoneyList((await get(`/eastmoney/api/qt/ulist.np/get?secids=${secid(sh)}&cb=jQuery1_2`)).utf8, false),
  ]
  expect(whole.quotes[0]!.last).toBeCloseTo(decimals.quotes[0]!.last, 9)
  expect((await get(`/eastmoney/api/qt/ulist.np/get?secids=${secid(sh)}&cb=alert(1)//`)).utf8).toBe(
    '{"rc":102,"rt":6,"svr":182995883,"lt":1,"full":1,"dlmkts":"","data":null}',
  )
})

const folder = join(process.env.FUPAN_SHARED ?? '../shared', 'fixtures/quotes')
test.skipIf(!existsSync(folder))('answers have the fields of the recorded ones (needs FUPAN_SHARED)', async () => {
  const { get } = await vendors('14:00')
  const recorded = (name: string) => readFileSync(join(folder, name), 'utf8')
  const keys = (text: string): string[] => {
    const body = JSON.parse(text.slice(text.indexOf('{'), text.lastIndexOf('}') + 1)) as { data: Record<string, unknown> & { diff?: object[] } }
    return [...Object.keys(body).filter((key) => key === 'rc' || key === 'data'), ...Object.keys(body.data), ...Object.keys(body.data.diff?.[0] ?? {})]
  }
  const pairs = [
    ['eastmoney/ulist_np_fltt2_600519_20260910.json', `/eastmoney/api/qt/ulist.np/get?secids=${secid(sh)}&fltt=2`],
    ['eastmoney/trends2_600519_20260910.json', `/eastmoney/api/qt/stock/trends2/get?secid=${secid(sh)}`],
    ['eastmoney/kline_600519_20260317.json', `/eastmoney/api/qt/stock/kline/get?secid=${secid(sh)}`],
  ] as const
  for (const [file, path] of pairs) expect(keys((await get(path)).utf8), file).toEqual(expect.arrayContaining(keys(recorded(file))))
  const cells = (text: string, list: string) => ((JSON.parse(text) as { data: Record<string, string[]> }).data[list]![0] as string).split(',').length
  expect(cells((await get(pairs[1][1])).utf8, 'trends')).toBe(cells(recorded(pairs[1][0]), 'trends'))
  expect(cells((await get(pairs[2][1])).utf8, 'klines')).toBe(cells(recorded(pairs[2][0]), 'klines'))
  const fields = (text: string) => /"([^"]*)"/.exec(text)![1]!.split('~')
  const real = fields(decodeGbk(readFileSync(join(folder, 'tencent/qt_20260910_105512.gbk.txt'))))
  expect(fields((await get(`/tencent/q=${prefixedOf(sh)}`)).text).length).toBe(real.length)
  const minute = JSON.parse((await get(`/tencent/appstock/app/minute/query?code=${prefixedOf(sh)}`)).utf8) as {
    data: Record<string, { data: { data: string[] } }>
  }
  const rows = minute.data[prefixedOf(sh)]!.data.data
  expect(rows[0]).toMatch(/^0930 \d+\.\d{2} \d+ \d+\.\d{2}$/)
  expect(rows.map((row) => Number(row.split(' ')[2])).every((volume, i, all) => i === 0 || volume >= all[i - 1]!)).toBe(true)
})

test('unknown symbols, missing referers and nonsense are answered the way the vendors do', async () => {
  const { get } = await vendors('14:00')
  expect((await get('/tencent/q=sh999999')).text).toBe('v_pv_none_match="1";')
  expect((await get('/tencent/q=../../etc/passwd')).status).toBe(404)
  expect((await get('/tencent/q=sh600000;rm')).text).toBe('v_pv_none_match="1";')
  expect((await get('/sina/list=sh999999', REFERER)).text).toBe('var hq_str_sh999999="";\n')
  expect((await get(`/sina/list=${prefixedOf(sh)}`)).status).toBe(403)
  expect(JSON.parse((await get('/eastmoney/api/qt/stock/get?secid=1.999999')).utf8)).toMatchObject({ rc: 102, data: null })
  expect(JSON.parse((await get('/eastmoney/api/qt/stock/get?secid=evil')).utf8)).toMatchObject({ rc: 102, data: null })
  expect((await get(`/tencent/q=${Array.from({ length: 61 }, () => 'sh600000').join(',')}`)).text).toBe('v_pv_none_match="1";')
})

test('every picture a faulty vendor shows wrong is refused by its reader or contradicts the time or the volume before', async () => {
  const rates = { cum_regress: 0.05, price_spike: 0.05, bad_row: 0.05, clock_skew: 0.05, zone_shift: 0.05 }
  const { get, set, faults } = await vendors('10:00', { rates })
  const symbols = world.stocks.slice(0, 30).map(({ code }) => prefixedOf(code))
  const volumes = new Map<string, number>()
  const found = new Map<string, string>()
  let [shown, quiet] = [0, 0]
  for (let minute = 0; minute < 40; minute++) {
    const clock = `10:${String(minute).padStart(2, '0')}`
    set(clock)
    const told = faults.length
    const { quotes, bad } = readTencentQuotes((await get(`/tencent/q=${symbols.join(',')}`)).text)
    const wrong = new Set(bad.map(({ found: text }) => /v_(\w+)=/.exec(text)![1]!))
    for (const quote of quotes) {
      shown++
      const symbol = prefixedOf(quote.code)
      const isBehind = quote.volume < (volumes.get(symbol) ?? 0)
      const isAhead = quote.at > at(clock) + 2000
      if (isBehind || isAhead) wrong.add(symbol)
      else volumes.set(symbol, quote.volume)
    }
    const injected = new Map(faults.slice(told).map(({ entity, kind }) => [prefixedOf(entity as Code), kind]))
    // The first picture of all has none before it to be compared with.
    if (minute > 0) for (const [symbol, kind] of injected) found.set(`${symbol} ${minute} ${kind}`, wrong.has(symbol) ? 'found' : 'missed')
    quiet += [...wrong].filter((symbol) => !injected.has(symbol)).length
  }
  const results = [...found.values()]
  expect(results.length).toBeGreaterThan(200)
  expect(results.filter((result) => result === 'found').length / results.length).toBeGreaterThanOrEqual(0.99)
  expect(quiet / shown).toBeLessThanOrEqual(0.001)
})

test('TickDB pages k-lines by time without a hole, says its errors in the body and wants its key', async () => {
  const { get } = await vendors('15:30')
  interface Reply {
    readonly code: number
    readonly data: { readonly klines: readonly { readonly time: number; readonly close: string; readonly volume: string }[] } | null
  }
  const ask = async (query: string, key: string | undefined = TOKEN) => {
    const { status, utf8 } = await get(`/tickdb/v1/market/kline?${query}`, key === '' ? {} : { 'X-API-Key': key })
    return { status, ...(JSON.parse(utf8) as Reply) }
  }
  expect(await ask(`symbol=${sh}&interval=1m`, '')).toMatchObject({ status: 200, code: 1002 })
  expect(await ask(`symbol=${sh}&interval=1m`, 'wrong')).toMatchObject({ status: 200, code: 1001 })
  expect(await ask('symbol=AAPL.US&interval=1m')).toMatchObject({ code: 2002 })
  expect(await ask(`symbol=${sh}&interval=1m&limit=1001`)).toMatchObject({ code: 2004 })
  expect(await ask(`symbol=${sh}&interval=7m`)).toMatchObject({ code: 2001 })
  expect(await ask(`symbol=${sh}&interval=1m&start_time=5&end_time=4`)).toMatchObject({ code: 2003 })
  const times: number[] = []
  let volume = 0
  for (let start = at('00:00'); ;) {
    const { data } = await ask(`symbol=${sh}&interval=1m&limit=100&start_time=${start}&end_time=${at('23:00')}`)
    times.push(...data!.klines.map(({ time }) => time))
    volume += data!.klines.reduce((sum, line) => sum + Number(line.volume), 0)
    if (data!.klines.length < 100) break
    start = (data!.klines.at(-1)!.time + 60_000) as EpochMs
  }
  expect([times.length, new Set(times).size, times[0], times.at(-1)]).toEqual([240, 240, at('09:31'), at('15:00')])
  const [day] = (await ask(`symbol=${sh}&interval=1d&limit=1`)).data!.klines
  expect([Number(day!.volume), day!.time]).toEqual([volume, at('15:00')])
  const weeks = (await ask(`symbol=${sh}&interval=1w`)).data!.klines
  const days = (await ask(`symbol=${sh}&interval=1d&limit=1000`)).data!.klines
  expect(weeks.reduce((sum, line) => sum + Number(line.volume), 0)).toBe(days.reduce((sum, line) => sum + Number(line.volume), 0))
})

test('TickDB pushes every change of a subscribed stock, numbered without holes, and refuses a wrong key and nonsense', async () => {
  const { url, set, desk } = await vendors('10:00')
  const open = (key: string) => new WebSocket(`${url.replace('http', 'ws')}/tickdb/v1/realtime?api_key=${encodeURIComponent(key)}`)
  const refused = open('wrong')
  expect(await new Promise((resolve) => refused.addEventListener('close', ({ code }) => resolve(code)))).toBe(4001)
  const socket = open(TOKEN)
  const messages: { cmd?: string; code?: number; seq?: number; data?: { symbol: string; volume: string; last_price: string } }[] = []
  const waiting: (() => void)[] = []
  socket.addEventListener('message', ({ data }) => {
    messages.push(JSON.parse(String(data)) as (typeof messages)[number])
    waiting.splice(0).forEach((wake) => wake())
  })
  const until = async (isThere: () => boolean) => {
    while (!isThere()) await new Promise<void>((resolve) => waiting.push(resolve))
  }
  await new Promise((resolve) => socket.addEventListener('open', resolve))
  socket.send('{"cmd":"delete everything"}')
  socket.send('no json')
  await until(() => messages.length === 2)
  expect(messages.map(({ code }) => code)).toEqual([2001, 2001])
  socket.send(JSON.stringify({ cmd: 'subscribe', data: { channel: 'ticker', symbols: [sh, sz, '999999.SH'] } }))
  const tickers = () => messages.filter(({ cmd }) => cmd === 'ticker')
  await until(() => tickers().length >= 2)
  expect(messages.some(({ code }) => code === 2002)).toBe(true)
  set('10:20')
  await until(() => tickers().length >= 4)
  expect(tickers().map(({ seq }) => seq)).toEqual(tickers().map((_, i) => i + 1))
  for (const code of [sh, sz]) {
    const [last] = tickers()
      .filter(({ data }) => data!.symbol === code)
      .slice(-1)
    expect([Number(last!.data!.volume), last!.data!.last_price]).toEqual([
      desk.quote(code, at('10:20'))!.volume,
      desk.quote(code, at('10:20'))!.last.toFixed(2),
    ])
  }
  socket.send('{"cmd":"ping"}')
  await until(() => messages.some(({ cmd }) => cmd === 'pong'))
  socket.close()
})

test('marketClock() runs at its speed from its start, or stands still', () => {
  let wall = 1000
  const [fast, still] = [marketClock(at('10:00'), 60, () => wall as EpochMs), marketClock(at('10:00'), 0, () => wall as EpochMs)]
  wall += 1500
  expect([fast(), still()]).toEqual([at('10:01:30'), at('10:00')])
})
