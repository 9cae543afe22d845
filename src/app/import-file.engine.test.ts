import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openApp, type App } from './app.ts'
import { readConfig } from './config.ts'
import type { FileReport } from './import-file.ts'
import { createLog } from './log.ts'
import { runVerb } from './run-verb.ts'
import { systemClock } from './system-clock.ts'

const folder = mkdtempSync(join(tmpdir(), 'fupan-import-'))
let app: App

beforeAll(async () => {
  const opened = await openApp({
    config: readConfig({ dataDirectory: join(folder, 'data') }, { UV_THREADPOOL_SIZE: '16' }),
    world: 'market',
    clock: systemClock,
    log: createLog({ level: 'silent' }),
  })
  if (opened.type === 'held') throw new Error('the temporary folder is held')
  app = opened.app
})

afterAll(async () => {
  await app.close()
  rmSync(folder, { recursive: true, force: true })
})

async function importText(name: string, content: string | Buffer, words: Record<string, string> = {}): Promise<FileReport> {
  const path = join(folder, name)
  writeFileSync(path, content)
  const { data } = await runVerb(app, 'import', { paths: [path], ...words }, { emit() {}, signal: new AbortController().signal, folder })
  return (data as { files: FileReport[] }).files[0]!
}

const countOf = async (table: string) => (await app.engine.rows<{ n: number }>(`select toUInt32(count()) as n from fupan.${table}`))[0]!.n
const header = 'ts_code,trade_date,open,high,low,close,pre_close,change,pct_chg,vol,amount'
const row = (date: number, close: number, code = '600519.SH') => `${code},${date},${close},${close},${close},${close},${close},0,0,1000,${close * 100}`

test('import writes a file once, and finds it unchanged the second time', async () => {
  const text = [header, row(20260105, 1500), row(20260106, 1510)].join('\n')
  expect(await importText('daily_raw.csv', text)).toMatchObject({ state: 'done', kind: 'tushare_daily', read: 2, written: 2, rejected: 0 })
  expect(await importText('daily_raw.csv', text)).toMatchObject({ state: 'done', read: 2, written: 0, unchanged: 2 })
})

test('import takes a correction as a correction: only the changed row is written', async () => {
  expect(await importText('daily_raw.csv', [header, row(20260105, 1500), row(20260106, 1511)].join('\n'))).toMatchObject({ written: 1, unchanged: 1 })
  expect(await app.engine.rows('select close from fupan.ods_daily where trade_date = 20260106')).toEqual([{ close: 1511 }])
})

test('import refuses an unknown header, names the nearest kind, and loads nothing', async () => {
  const before = await countOf('ods_daily')
  const report = await importText('odd.csv', 'ts_code,tradedate,o,h,l,c\n600519.SH,20260107,1,1,1,1\n')
  expect(report).toMatchObject({ state: 'failed', read: 0, written: 0 })
  expect(report.detail).toMatch(/header.*nearest kind is/s)
  expect(await countOf('ods_daily')).toBe(before)
})

test('import of a broken gzip loads nothing, not even the rows before the damage', async () => {
  const rows = Array.from({ length: 60_000 }, (_, i) => row(20260108, 100 + (i % 1000) / 100, `${String(600000 + (i % 3000)).padStart(6, '0')}.SH`))
  const whole = gzipSync([header, ...rows].join('\n'))
  const before = await countOf('ods_daily')
  const report = await importText('broken_raw.csv.gz', whole.subarray(0, whole.length - 2000))
  expect(report).toMatchObject({ state: 'failed', written: 0 })
  expect(report.detail).toMatch(/gzip|cut off|damaged/i)
  expect(await countOf('ods_daily')).toBe(before)
  expect(await app.engine.rows("select name from system.tables where database = 'fupan' and startsWith(name, 'staging_')")).toEqual([])
})

test('import rejects zero prices, future dates and unknown codes with a reason each, and keeps the good rows', async () => {
  const future = app.calendar.next(app.calendar.currentFor(systemClock.now()))
  const bad = [row(20260109, 0), row(future, 1500), row(20260109, 10, 'ABCDEF.XX'), '600519.SH,2026-13-45,1,1,1,1,1,0,0,1,1']
  const report = await importText(
    'dirty_raw.csv',
    [header, row(20260109, 1500), row(20260112, 1502), row(20260113, 1503), row(20260114, 1504), ...bad].join('\n'),
    { kind: 'tushare_daily' },
  )
  expect(report).toMatchObject({ state: 'done', read: 8, written: 4, rejected: 4 })
  expect(Object.keys(report.reasons).toSorted()).toEqual(['BAD_CODE', 'BAD_DATE', 'BAD_PRICE', 'FUTURE_DATE'])
  expect(report.samples.map(({ line }) => line)).toEqual([6, 7, 8, 9])
})

test('import counts repeated keys and keeps the last', async () => {
  const report = await importText('twice_raw.csv', [header, row(20260115, 1500), row(20260115, 1500), row(20260115, 1505)].join('\n'))
  expect(report.read).toBe(3)
  expect(report.written + report.duplicates + report.rejected).toBe(3)
  expect(await app.engine.rows('select close from fupan.ods_daily where trade_date = 20260115')).toEqual([{ close: 1505 }])
})

test('import turns newest-first ticks round and replaces the whole stock-day when a shorter correction comes', async () => {
  const lines = ['timestamp,price,volume,turnover,direction', '09:30:06,10.02,3,3006,1', '09:30:03,10.01,2,2002,-1', '09:25:00,10.00,1,1000,0']
  expect(await importText('300027.SZ_20180115_ticks.csv', lines.join('\n'))).toMatchObject({ state: 'done', read: 3, written: 3 })
  const ticks = () => app.engine.rows<{ price: number }>('select price from fupan.ods_tick where trade_date = 20180115 order by at, seq')
  expect((await ticks()).map(({ price }) => price)).toEqual([10_000, 10_010, 10_020])
  expect(await importText('300027.SZ_20180115_ticks.csv', [lines[0], ...lines.slice(2)].join('\n'))).toMatchObject({ state: 'done', read: 2 })
  expect((await ticks()).map(({ price }) => price)).toEqual([10_000, 10_010])
})

test('import asks for what neither the file nor its path says', async () => {
  const report = await importText('somewhere.csv', 'timestamp,price,volume,turnover,direction\n09:30:03,10.01,2,2002,-1\n')
  expect(report).toMatchObject({ state: 'failed' })
  expect(report.detail).toMatch(/--code .* --date/)
  expect(
    await importText('somewhere.csv', 'timestamp,price,volume,turnover,direction\n09:30:03,10.01,2,2002,-1\n', { code: '300027.SZ', date: '20180116' }),
  ).toMatchObject({ state: 'done', written: 1 })
})

test('import takes a file that is mostly unusable for another kind and loads nothing of it', async () => {
  const before = await countOf('ods_daily')
  const report = await importText('wrong_raw.csv', [header, ...Array.from({ length: 30 }, () => row(20260116, 0)), row(20260116, 10)].join('\n'))
  expect(report).toMatchObject({ state: 'failed', read: 31, rejected: 30, written: 0 })
  expect(await countOf('ods_daily')).toBe(before)
})

test('import that is interrupted leaves nothing behind', async () => {
  const path = join(folder, 'long_raw.csv')
  writeFileSync(path, [header, ...Array.from({ length: 50_000 }, (_, i) => row(20260119, 10, `${String(600000 + i).padStart(6, '0')}.SH`))].join('\n'))
  const stop = new AbortController()
  stop.abort()
  const before = await countOf('ods_daily')
  const reply = await runVerb(app, 'import', { paths: [path] }, { emit() {}, signal: stop.signal, folder })
  expect(reply.exitCode).toBe(130)
  expect(await countOf('ods_daily')).toBe(before)
})

test('import of a path that does not exist, and of a folder without files, says so', async () => {
  const context = { emit() {}, signal: new AbortController().signal, folder }
  await expect(runVerb(app, 'import', { paths: ['no-such-file.csv'] }, context)).rejects.toThrow('there is no such file or folder')
})
