import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { lastEnded, marketCalendar } from '#core/market-day.ts'
import type { EpochMs } from '#core/trade-date.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openApp, type App } from './app.ts'
import { readConfig } from './config.ts'
import { fetchForeign, FOREIGN_MINUTE_DAYS } from './fetch-foreign.ts'
import { createLog } from './log.ts'
import { runVerb } from './run-verb.ts'
import { addProfiles, settleWorld } from './simulated-source.ts'
import { tableStates } from './table-states.ts'
import { systemClock } from './system-clock.ts'

const folder = mkdtempSync(join(tmpdir(), 'fupan-foreign-'))
const { signal } = new AbortController()
// A Saturday, 20:00 in Shanghai: every session of the week is over, the day of the coins is not.
let now = Date.parse('2026-11-14T12:00:00Z') as EpochMs
let app: App

beforeAll(async () => {
  const config = readConfig({ dataDirectory: folder, port: 0 }, { UV_THREADPOOL_SIZE: '16' })
  const clock = { ...systemClock, now: () => now }
  const opened = await openApp({ config, world: 'sim', clock, log: createLog({ level: 'silent' }), simulated: { size: 2, days: 70 } })
  if (opened.type === 'held') throw new Error('the temporary folder is held')
  app = opened.app
})

afterAll(async () => {
  await app.close()
  rmSync(folder, { recursive: true, force: true })
})

const fetched = async () => (await fetchForeign(app, 'test', () => {}, signal)).map((outcome) => (outcome.type === 'done' ? outcome.rows : outcome))
const counted = async (sql: string) => (await app.engine.rows<{ count: number }>(`select toUInt32(count()) as count from ${sql}`))[0]!.count
const firstDate = () => settleWorld(app.folders.root, app.calendar, now).firstDate
const daysOf = (market: 'us' | 'hk' | 'crypto') => marketCalendar(market).dates(firstDate(), lastEnded(market, now)).length

test('fetchForeign() brings in the ten classic tickers of every world: all days, and the minutes of the last sixty', async () => {
  const outcomes = await fetched()
  expect(outcomes).toHaveLength(3)
  expect(await counted('fupan.dim_foreign_symbol')).toBe(10)
  expect(await counted('fupan.ods_foreign_daily')).toBe(10 * daysOf('us'))
  expect(await counted('(select distinct trade_date from fupan.ods_foreign_minute)')).toBe(FOREIGN_MINUTE_DAYS)
  expect(await counted("fupan.ods_foreign_minute where ts_code = 'AAPL.US' and trade_date = 20261113")).toBe(390)
  expect(await counted("fupan.ods_foreign_minute where source != 'simulator'")).toBe(0)
})

test('fetchForeign() brings nothing twice, and the next day once it is over', async () => {
  expect(await fetched()).toEqual([])
  now = Date.parse('2026-11-16T20:59:59Z') as EpochMs
  expect(await fetched()).toEqual([])
  now = Date.parse('2026-11-16T21:00:00Z') as EpochMs
  expect(await fetched()).toEqual([10, 3900])
})

test('addProfiles() adds markets to a world: their symbols come, days of the others stay as they are', async () => {
  const sums = async () =>
    app.engine.rows(
      "select ts_code, toString(sum(cityHash64(trade_date, at, open, high, low, close, volume, amount))) as sum from fupan.ods_foreign_minute where endsWith(ts_code, '.US') group by ts_code order by ts_code",
    )
  const before = await sums()
  const world = addProfiles(app.folders.root, settleWorld(app.folders.root, app.calendar, now), ['hk', 'crypto'])
  expect(world.profiles).toEqual(['crypto', 'hk'])
  expect(settleWorld(app.folders.root, app.calendar, now)).toEqual(world)
  expect(addProfiles(app.folders.root, world, ['hk'])).toEqual(world)
  expect(await fetched()).toHaveLength(3)
  expect(await sums()).toEqual(before)
  expect(await counted('fupan.dim_foreign_symbol')).toBe(26)
  expect(await counted("fupan.ods_foreign_daily where ts_code = 'BTCUSDT'")).toBe(daysOf('crypto'))
  expect(await counted("fupan.ods_foreign_daily where ts_code = '700.HK'")).toBe(daysOf('hk'))
  expect(await counted("fupan.ods_foreign_minute where ts_code = '700.HK' and trade_date = 20261113")).toBe(331)
})

test('ods_foreign_minute adds up to ods_foreign_daily, and labels lie within the session of the exchange', async () => {
  const broken = await app.engine.rows(
    `select m.ts_code, m.trade_date from (
       select ts_code, trade_date, argMin(open, at) as open, max(high) as high, min(low) as low, argMax(close, at) as close, sum(volume) as volume, sum(amount) as amount
       from fupan.ods_foreign_minute group by ts_code, trade_date) as m
     inner join fupan.ods_foreign_daily as d on d.ts_code = m.ts_code and d.trade_date = m.trade_date
     where m.open != d.open or m.high != d.high or m.low != d.low or m.close != d.close or abs(m.volume / d.volume - 1) > 1e-12 or abs(m.amount / d.amount - 1) > 1e-12`,
  )
  expect(broken).toEqual([])
  const clock = (symbol: string, zone: string) =>
    app.engine.rows(
      `select formatDateTime(fromUnixTimestamp64Milli(min(at), '${zone}'), '%H:%i') as first, formatDateTime(fromUnixTimestamp64Milli(max(at), '${zone}'), '%H:%i') as last
       from fupan.ods_foreign_minute where ts_code = '${symbol}' group by trade_date order by trade_date limit 1`,
    )
  expect(await clock('AAPL.US', 'America/New_York')).toEqual([{ first: '09:31', last: '16:00' }])
  expect(await clock('700.HK', 'Asia/Hong_Kong')).toEqual([{ first: '09:30', last: '16:00' }])
  expect(await clock('BTCUSDT', 'UTC')).toEqual([{ first: '00:01', last: '00:00' }])
})

test('the A-share pipeline does not see foreign symbols: no table but their own has one, and the night plans nothing for them', async () => {
  const tables = (
    await app.engine.rows<{ table: string }>("select table from system.columns where database = 'fupan' and name = 'ts_code' order by table")
  ).map((row) => row.table)
  expect(tables.length).toBeGreaterThan(30)
  for (const table of tables.filter((name) => !name.includes('foreign')))
    expect(await counted(`fupan.${table} where endsWith(ts_code, '.US') or endsWith(ts_code, '.HK') or endsWith(ts_code, 'USDT')`), table).toBe(0)
  const planned = await runVerb(app, 'plan', {}, { emit() {}, signal, folder })
  expect(JSON.stringify(planned.data)).not.toContain('foreign')
})

test('tables of foreign markets are up to date while New York has not closed yet', async () => {
  const state = () => tableStates(app).find(({ name }) => name === 'ods_foreign_daily')!.state
  const before = now
  // Monday evening in Shanghai: the A-share day is over, the one of New York has not begun.
  now = Date.parse('2026-11-16T12:00:00Z') as EpochMs
  expect(state()).toBe('fresh')
  now = Date.parse('2026-11-18T21:00:00Z') as EpochMs
  expect(state()).toBe('stale')
  now = before
})

test('sim status names the markets of the world', async () => {
  const { data } = await runVerb(app, 'sim', { action: 'status' }, { emit() {}, signal, folder })
  expect(data).toMatchObject({
    foreign: {
      profiles: ['cn', 'crypto', 'hk'],
      markets: [
        { market: 'cn', symbols: 2, timezone: 'Asia/Shanghai' },
        { market: 'hk', symbols: 10, timezone: 'Asia/Hong_Kong' },
        { market: 'us', symbols: 10, timezone: 'America/New_York' },
        { market: 'crypto', symbols: 6, timezone: 'UTC' },
      ],
    },
  })
})

test('a world made before there were other markets is read as one without', () => {
  const root = mkdtempSync(join(folder, 'w-'))
  const { profiles, ...before } = settleWorld(root, app.calendar, now, { days: 5, profiles: ['hk'] })
  expect(profiles).toEqual(['hk'])
  writeFileSync(join(root, 'world.json'), JSON.stringify(before))
  expect(settleWorld(root, app.calendar, now)).toEqual({ ...before, profiles: [] })
})
