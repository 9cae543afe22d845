import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { aShareCalendar } from '#core/a-share-calendar.ts'
import { KlineHistory } from '#api/kline-history.ts'
import { ConfigError } from '#core/errors.ts'
import { fillMinutes } from '#numeric/minute-bars.ts'
import { minuteBuckets } from '#numeric/minute-buckets.ts'
import { resampleBars } from '#numeric/resample-bars.ts'
import { marketKlineBuckets } from '#warehouse/dws/market_kline_buckets.ts'
import type { Engine } from '#warehouse/engine/engine.ts'
import { bucketFrame } from '#warehouse/kline-buckets.ts'
import { Load } from '#warehouse/load.ts'
import { clockTime, instantOf } from '#core/shanghai-time.ts'
import { dateOfDayNumber, dayNumber, type TradeDate } from '#core/trade-date.ts'
import type { CoherenceCheck } from '#research/sim-coherence.ts'
import type { FactCheck } from '#research/sim-fact-checks.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openApp, type App } from '../app.ts'
import { readConfig, type Config } from '../config.ts'
import { missingRaw } from '../fetch-raw.ts'
import { drawnMinutes } from '../drawn-minutes.ts'
import { foldedDays } from '../folded-days.ts'
import { createLog } from '../log.ts'
import { runVerb } from '../run-verb.ts'
import { settleWorld, simulatedSource } from '../simulated-source.ts'
import { systemClock } from '../system-clock.ts'
import { tableStates } from '../table-states.ts'
import type { VerbEvent } from '../verb.ts'
import { walkedStocks } from '../walked-stocks.ts'

const folder = mkdtempSync(join(tmpdir(), 'fupan-sim-'))
const quiet = { emit() {}, signal: new AbortController().signal, folder }
const log = createLog({ level: 'silent' })
let config: Config
let app: App

beforeAll(async () => {
  config = readConfig({ dataDirectory: folder, port: 0 }, { UV_THREADPOOL_SIZE: '16' })
  const opened = await openApp({ config, world: 'sim', clock: systemClock, log })
  if (opened.type === 'held') throw new Error('the temporary folder is held')
  app = opened.app
})

afterAll(async () => {
  await app.close()
  rmSync(folder, { recursive: true, force: true })
})

const ask = (args: object) => runVerb(app, 'sim', args, quiet)

/** The source of the market that was made; the program was opened on the default one. */
const simulated = () => simulatedSource(app.folders.root, settleWorld(app.folders.root, app.calendar, app.clock.now()), app.calendar, app.clock)

test('sim init makes the market asked for in an empty folder, and finishes the same one, but no other', async () => {
  await expect(ask({ action: 'verify', coherence: true })).rejects.toThrow(/it is empty. Make it with: fupan sim init/)
  const made = await ask({ action: 'init', days: 80, size: 12, seed: 5 })
  expect(made.exitCode).toBe(0)
  expect(made.data).toMatchObject({ seed: 5, size: 12, openDays: 80, isComplete: true, stored: { days: 80 }, ticks: { days: 22 } })
  expect((await ask({ action: 'init', days: 80, size: 12, seed: 5 })).exitCode).toBe(0)
  await expect(ask({ action: 'init', days: 80, size: 13, seed: 5 })).rejects.toThrow(/one folder holds one, found seed 5, 12 stocks/)
})

test('sim init leaves minutes of sixty days, and every stock as it stood at the last close', async () => {
  const [klines] = await app.engine.rows<{ days: number; whole: number }>(
    "select toUInt32(uniqExact(trade_date)) as days, toUInt32(countIf(slots = 241)) / count() as whole from (select trade_date, ts_code, count() as slots from fupan.market_klines where interval = '1m' group by trade_date, ts_code)",
  )
  expect(klines).toEqual({ days: 60, whole: 1 })
  // Minute files end where ticks begin; nothing is behind.
  expect(tableStates(app).filter(({ state }) => state === 'stale')).toEqual([])
  const daily = await app.engine.rows<{ ts_code: string; close: number; vol_shares: number }>(
    'select ts_code, close, vol_shares from fupan.dwd_daily where trade_date = (select max(trade_date) from fupan.dwd_daily) order by ts_code',
  )
  const { columns, rows } = app.ledger.readTable('stock_realtime_price', 100)
  const [symbol, price, volume] = ['symbol', 'price', 'volume'].map((name) => columns.indexOf(name))
  expect(new Map(rows.map((row) => [row[symbol!], [row[price!], row[volume!]]]))).toEqual(
    new Map(daily.map((row) => [row.ts_code, [row.close, row.vol_shares]])),
  )
  expect(app.ledger.readTable('stock_state', 100).rows.length).toBe(12)
  expect(app.ledger.readTable('stock_metadata', 100).rows.length).toBe(12)
  expect(app.ledger.readTable('market_status', 100).rows[0]).toMatchObject({ 0: 'cn', 4: 'closed' })
})

test('sim init leaves the truth of the market, up to its last day, and a second init does not write it again', async () => {
  const truth = async (columns: string, table: string) => app.engine.rows<Record<string, unknown>>(`select ${columns} from truth.${table}`)
  const { digest } = JSON.parse(readFileSync(join(folder, 'sim', 'world.json'), 'utf8')) as { digest: string }
  const covered = app.ledger.partitions.coverage().find(({ table }) => table === 'ods_daily')!
  expect(await truth('world, from_date, to_date', 'sim_truth_state')).toEqual([{ world: digest, from_date: covered.from, to_date: covered.to }])
  expect(await truth("toUInt32(uniqExact(trade_date)) as days, toUInt32(countIf(factor = 'MKT')) as market", 'sim_truth_factor')).toEqual([
    { days: 80, market: 80 },
  ])
  expect((await truth('toUInt32(uniqExact(symbol)) as stocks, max(trade_date) as last', 'sim_truth_signal'))[0]).toEqual({ stocks: 12, last: covered.to })
  expect((await truth('toUInt32(uniqExact(entity)) as entities', 'sim_truth_regime'))[0]).toEqual({ entities: 1 + 24 + 12 })
  const [events] = await truth('toUInt32(count()) as events', 'sim_event')
  expect(events!['events']).toBeGreaterThan(50)
  await app.engine.exec("insert into truth.sim_event (trade_date, kind, entity) values (20200101, 'forged', 'MKT')")
  await ask({ action: 'init', days: 80, size: 12, seed: 5 })
  expect((await truth('toUInt32(count()) as events', 'sim_event'))[0]!['events']).toBe(Number(events!['events']) + 1)
  // Of a market that is a day longer it does.
  await app.engine.exec(`alter table truth.sim_truth_state update to_date = ${aShareCalendar.previous(covered.to)} where 1 settings mutations_sync = 1`)
  await ask({ action: 'init', days: 80, size: 12, seed: 5 })
  expect((await truth('toUInt32(count()) as events', 'sim_event'))[0]).toEqual(events)
})

test('minutes that are not stored are drawn when a chart asks for them, and join the stored ones', async () => {
  const history = new KlineHistory(app.engine, { drawn: drawnMinutes(walkedStocks(app)) })
  const [{ symbol }] = (await app.engine.rows<{ symbol: string }>(
    'select ts_code as symbol from fupan.dwd_daily group by ts_code having count() > 70 order by ts_code limit 1',
  )) as [{ symbol: string }]
  const daily = await history.daily(symbol)
  const days = await history.minuteDays(symbol)
  expect(days.date).toEqual(Array.from(daily.date))
  expect(days.drawn.size).toBeGreaterThan(15)
  expect(Math.max(...days.drawn)).toBeLessThan(days.date[20]!)
  const bars = await history.minutes(symbol, 5, days.date[0]!, days.date.at(-1)!)
  const volume = new Map<number, number>()
  for (let row = 0; row < bars.slot.length; row++) volume.set(bars.day[row]!, (volume.get(bars.day[row]!) ?? 0) + bars.volume[row]!)
  expect([...volume]).toEqual(days.date.map((date, k) => [date, daily.volume[k]]))
  expect(bars.slot.length).toBe(241 * days.date.length)
  // A stored day drawn again is the stored one.
  const stored = await history.minutes(symbol, 1, days.date.at(-1)!, days.date.at(-1)!)
  const again = fillMinutes(drawnMinutes(walkedStocks(app)).minutes(symbol, days.date.at(-1)!)!.bars, 1, 240)
  for (const name of ['open', 'high', 'low', 'close', 'volume', 'amount'] as const) expect([...stored[name]]).toEqual([...again[name]])
})

test('sim status says what the market is and how far it is stored', async () => {
  const { data } = await ask({ action: 'status' })
  const kept = JSON.parse(readFileSync(join(folder, 'sim', 'world.json'), 'utf8')) as { digest: string }
  expect(data).toMatchObject({ seed: 5, size: 12, digest: kept.digest, openDays: 80, isComplete: true })
  expect(kept.digest).toMatch(/^[0-9a-f]{64}$/)
})

test('pages of 5 to 120 minutes read the bars that were folded, the same to the bit, unless minutes have changed since', async () => {
  // The program was opened on the default world: its own source is not asked.
  const without: App = { ...app, source: undefined }
  expect(await runVerb(without, 'run', { all: true, targets: ['market_kline_buckets'] }, quiet)).toMatchObject({ exitCode: 0 })
  const asked: string[] = []
  const engine = new Proxy(app.engine, {
    get(target, name) {
      if (name === 'frame')
        return (...args: Parameters<Engine['frame']>) => {
          asked.push(args[0])
          return target.frame(...args)
        }
      const value: unknown = Reflect.get(target, name)
      return typeof value === 'function' ? (value.bind(target) as unknown) : value
    },
  })
  const folded = foldedDays(app)
  const [fast, slow] = [new KlineHistory(engine, { folded }), new KlineHistory(app.engine)]
  const codes = (await app.engine.rows<{ symbol: string }>('select distinct ts_code as symbol from fupan.market_klines')).map(({ symbol }) => symbol)
  const isFromRows = () => asked.splice(0).some((sql) => sql.includes('market_kline_buckets'))
  for (const symbol of codes)
    for (const minutes of [5, 15, 30, 60, 120]) {
      const days = (await slow.minuteDays(symbol)).date
      const span = [symbol, minutes, days[3]!, days.at(-1)!] as const
      const buckets = minuteBuckets([120, 120], minutes)
      const { trades: _, ...read } = resampleBars(await fast.minutes(...span), buckets)
      expect(isFromRows()).toBe(true)
      const { trades: __, ...made } = resampleBars(await slow.minutes(...span), buckets)
      expect(read).toEqual(made)
    }
  const { ledger } = app
  const last = ledger.partitions.coverage().find(({ table }) => table === 'market_klines')!.to
  const before = ledger.partitions.reader()('market_klines', last)!
  const { rows } = ledger.partitions.days('market_klines', last, last)[0]!
  const stamp = folded.stamp()
  expect(folded.reader()(last)).toBe(true)
  const record = (version: number) =>
    ledger.partitions.record({ table: 'market_klines', version, runId: 'test', days: [{ date: last, rows, fingerprint: before.fingerprint }] })
  record(ledger.nextVersion())
  expect(folded.reader()(last)).toBe(false)
  expect(folded.stamp()).not.toBe(stamp)
  await fast.minutes(codes[0]!, 60, last, last)
  expect(isFromRows()).toBe(false)
  record(before.version)
  await fast.minutes(codes[0]!, 60, last, last)
  expect(isFromRows()).toBe(true)
})

test('missingRaw() asks for nothing before it is published: margin of a day the next morning, money flow in the evening', () => {
  const last = app.ledger.partitions.coverage().find(({ table }) => table === 'ods_daily')!.to
  const empty = Object.assign(Object.create(app.ledger) as App['ledger'], { partitions: { reader: () => () => undefined } })
  const missingAt = (date: TradeDate, time: string) => {
    const at = instantOf(date, clockTime(time))
    const found = missingRaw({ ...app, clock: { ...app.clock, now: () => at }, ledger: empty }, last, last)
    return found.filter(({ dates }) => dates.includes(last)).map(({ table }) => table.name)
  }
  const evening = missingAt(last, '17:10')
  expect(evening).toContain('ods_daily')
  for (const later of ['ods_moneyflow', 'ods_margin', 'ods_margin_detail']) expect(evening).not.toContain(later)
  expect(missingAt(last, '19:00')).toContain('ods_moneyflow')
  const next = aShareCalendar.next(last)
  const morning = dateOfDayNumber(dayNumber(last) + 1)
  expect(missingAt(morning, '08:59')).not.toContain('ods_margin')
  expect(missingAt(morning, '09:00')).toEqual(expect.arrayContaining(['ods_margin', 'ods_margin_detail']))
  expect(missingAt(next, '09:00')).toContain('ods_margin')
})

test('margin rows of a day are known from nine o’clock of the next morning on', async () => {
  const [row] = await app.engine.rows<{ date: number; known: number }>(
    'select max(trade_date) as date, toFloat64(max(known_at)) as known from fupan.ods_margin_detail',
  )
  expect(row!.known).toBe(instantOf(dateOfDayNumber(dayNumber(row!.date as TradeDate) + 1), clockTime('09:00')))
})

test('pictures of the book come when they are asked for by name, one after each record, with the quotes of the next one', async () => {
  const last = app.ledger.partitions.coverage().find(({ table }) => table === 'ods_daily')!.to
  const wanted = (targets: readonly string[]) => missingRaw({ ...app, source: simulated() }, last, last, targets).map(({ dataset }) => dataset)
  expect(wanted([])).not.toContain('ods_quote')
  expect(wanted(['ods_quote'])).toContain('ods_quote')
  expect(await runVerb({ ...app, source: simulated() }, 'run', { targets: ['ods_quote'], date: last }, quiet)).toMatchObject({ exitCode: 0 })
  const [found] = await app.engine.rows<Record<string, number>>(
    `select toUInt32(count()) as records, toUInt32(countIf(q.seq is null)) as without, toUInt32(countIf(next.bid1 > 0 and next.ask1 > 0 and (q.bid1 != next.bid1 or q.ask1 != next.ask1))) as other,
       toUInt32(countIf(q.bid10 > 0 and q.ask10 > 0)) as deep
     from fupan.ods_tick as t
     left join fupan.ods_quote as q on q.ts_code = t.ts_code and q.trade_date = t.trade_date and q.seq = t.seq
     left join fupan.ods_tick as next on next.ts_code = t.ts_code and next.trade_date = t.trade_date and next.seq = t.seq + 1
     where t.trade_date = {date:UInt32}`,
    { params: { date: last }, settings: { join_use_nulls: 1 } },
  )
  expect(found).toMatchObject({ without: 0, other: 0 })
  expect(found!['records']).toBeGreaterThan(5000)
  expect(found!['deep']).toBeGreaterThan(found!['records']! / 2)
})

test('sim verify --coherence finds every identity kept, each over some rows', async () => {
  const { exitCode, data } = await ask({ action: 'verify', coherence: true })
  const checks = (data as { coherence: readonly CoherenceCheck[] }).coherence
  expect(checks.filter(({ violations }) => violations > 0)).toEqual([])
  // None of the twelve stocks is under a risk warning; everything else has rows to look at.
  expect(checks.filter(({ rows }) => rows === 0).map(({ name }) => name)).toEqual(['risk warnings are of listed stocks'])
  expect(exitCode).toBe(0)
})

test('sim verify --coherence finds each identity broken by a changed row', async () => {
  const dates = await app.engine.rows<{ date: number }>('select distinct trade_date as date from fupan.ods_daily order by date desc limit 2')
  const [date, before] = [dates[0]!.date, dates[1]!.date]
  const [first] = await app.engine.rows<{ code: string }>(`select toString(min(ts_code)) as code from fupan.ods_daily where trade_date = ${date}`)
  const { code } = first!
  // Rows of a higher version win; the others are new.
  const changed = async (table: string, replacement: string, where = `ts_code = '${code}' and trade_date = ${date}`) =>
    app.engine.exec(`insert into fupan.${table} select * replace(${replacement}, toUInt64(1000000) as ver) from (select * from fupan.${table} where ${where})`)
  await changed('ods_daily', 'low + 30 as low, high + 20 as high, pre_close - 0.013 as pre_close')
  await changed('ods_daily', "'999999.SH' as ts_code")
  await changed('ods_daily', '20260101 as trade_date')
  await changed('ods_daily_basic', 'total_mv * 1.01 as total_mv')
  await changed('ods_index_daily', 'close + 1 as close', `trade_date = ${before} and ts_code = '000985.CSI'`)
  await changed('ods_fina_indicator', 'end_date - 1 as ann_date', `ts_code = '${code}'`)
  await app.engine.exec(
    `insert into fupan.ods_suspend_d (trade_date, ts_code, suspend_type, suspend_timing_key, ver) values (${date}, '${code}', 'S', '', 1000000)`,
  )
  await app.engine.exec(`insert into fupan.ods_stock_st (trade_date, ts_code, type, ver) values (${date}, '999999.SH', 'ST', 1000000)`)
  await changed('ods_weekly', 'close + 1 as close', `ts_code = '${code}'`)
  await changed('ods_monthly', 'vol + 1 as vol', `ts_code = '${code}'`)
  await changed('ods_namechange', "concat(name, '2') as name", `ts_code = '${code}'`)
  await changed('ods_margin_detail', 'rzye + 1 as rzye, rzrqye + 1 as rzrqye', `trade_date = ${before}`)
  await changed('ods_cyq_perf', 'cost_95pct * 2 as cost_5pct')
  await changed('ods_cyq_chips', 'percent + 1 as percent')
  await changed('ods_index_weight', 'weight * 2 as weight', '1')
  await changed(
    'ods_moneyflow',
    'buy_sm_amount + 0.01 as buy_sm_amount, net_mf_amount + 0.2 * (buy_sm_amount + buy_md_amount + buy_lg_amount + buy_elg_amount) as net_mf_amount',
    `trade_date = ${date}`,
  )
  const { exitCode, data } = await ask({ action: 'verify', coherence: true })
  expect(exitCode).toBe(65)
  const checks = (data as { coherence: readonly CoherenceCheck[] }).coherence
  expect(checks.filter(({ violations }) => violations === 0).map(({ name }) => name)).toEqual([])
  expect(checks.find(({ name }) => name === 'price limits')!.example).toBe(`${code} ${date}`)
})

test('sim verify --facts reports progress, one value per seed, and fails the classic model on tails and clustering', async () => {
  const events: VerbEvent[] = []
  const small = { action: 'verify', facts: true, size: 6, days: 120, seeds: [1, 2] }
  const { exitCode, data } = await runVerb(app, 'sim', { ...small, preset: 'classic' }, { ...quiet, emit: (event) => events.push(event) })
  expect(exitCode).toBe(65)
  const checks = (data as { facts: { checks: readonly FactCheck[] } }).facts.checks
  expect(checks.every(({ values }) => values.length === 2)).toBe(true)
  const failedIn = (group: string) => checks.filter((check) => check.group === group && !check.pass).length
  for (const group of ['heavy tails', 'clustering', 'common movement', 'intraday']) expect(failedIn(group), group).toBeGreaterThan(0)
  expect(events.filter(({ type }) => type === 'progress').length).toBeGreaterThanOrEqual(12)
  const stopped = new AbortController()
  const stopping = runVerb(app, 'sim', small, { ...quiet, signal: stopped.signal, emit: () => stopped.abort() })
  await expect(stopping).rejects.toThrow(/abort/i)
})

test('pages of a day that is drawn do not show what a live market folded of it: its minutes never came', async () => {
  const stocks = walkedStocks(app)
  const history = () => new KlineHistory(app.engine, { drawn: drawnMinutes(stocks), folded: foldedDays(app) })
  const [{ symbol }] = (await app.engine.rows<{ symbol: string }>('select min(ts_code) as symbol from fupan.market_klines')) as [{ symbol: string }]
  const { date, drawn } = await history().minuteDays(symbol)
  const at = date.findLastIndex((day) => drawn.has(day))
  const [day, next] = [date[at]!, date[at + 1]!]
  const before = await history().minutes(symbol, 60, day, next)
  const { bars } = drawnMinutes(stocks).minutes(symbol, day)!
  const load = new Load(app.engine, app.ledger.nextVersion())
  await load.add(marketKlineBuckets, bucketFrame(bars, [{ code: symbol, date: day, source: 'simulator', minutes: 1, start: 0, end: bars.slot.length }]))
  await load.publish()
  await load.discard()
  expect(await history().minutes(symbol, 60, day, next)).toEqual(before)
})

test('sim verify --coherence and sim status refuse the real market', async () => {
  const real: App = { ...app, world: 'market' }
  for (const args of [{ action: 'verify', coherence: true }, { action: 'verify' }, { action: 'status' }, { action: 'init', days: 20 }])
    await expect(runVerb(real, 'sim', args, quiet)).rejects.toThrow(/this is the real one/)
})

test('openApp() refuses a simulated market made by another version of the generator', async () => {
  const path = join(folder, 'sim', 'world.json')
  const kept = readFileSync(path, 'utf8')
  await app.close()
  for (const changed of [
    { ...JSON.parse(kept), digest: 'f'.repeat(64) },
    { ...JSON.parse(kept), digest: undefined },
  ]) {
    writeFileSync(path, JSON.stringify(changed))
    await expect(openApp({ config, world: 'sim', clock: systemClock, log })).rejects.toThrow(ConfigError)
  }
  writeFileSync(path, kept)
})
