import { spawn, spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openApp, type App } from '#app/app.ts'
import { readConfig, type World } from '#app/config.ts'
import { importFile } from '#app/import-file.ts'
import { createLog } from '#app/log.ts'
import { systemClock } from '#app/system-clock.ts'
import type { Frame } from '#core/frame.ts'
import { tables } from '#warehouse/tables.ts'
import { builtTables, differencesOf } from './warehouse-rig.ts'

/* kill -9 is a normal ending (LAYOUT §11): what was begun is finished or absent, never half. */

const root = join(import.meta.dirname, '..', '..')
const folder = mkdtempSync(join(tmpdir(), 'fupan-crash-'))

afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function withApp<Value>(name: string, world: World, use: (app: App) => Promise<Value>): Promise<Value> {
  const config = readConfig({ dataDirectory: join(folder, name) }, { UV_THREADPOOL_SIZE: '16' })
  const opened = await openApp({ config, world, clock: systemClock, log: createLog({ level: 'silent' }) })
  if (opened.type === 'held') throw new Error(`the folder is held by ${opened.by.pid}`)
  try {
    return await use(opened.app)
  } finally {
    await opened.app.close()
  }
}

const staging = (app: App) => app.engine.rows<{ name: string }>("select name from system.tables where database = 'fupan' and startsWith(name, 'staging_')")

describe('an import', () => {
  /** Two years of three stocks, the second file with other numbers and more days: two partitions are merged. */
  const first = dailyFile('first.csv', [20251230, 20251231, 20260105], 10)
  const second = dailyFile('second.csv', [20251231, 20260105, 20260106], 11)
  const ignore = () => {}
  const signal = new AbortController().signal
  const bars = (app: App) => app.engine.rows<object>('select trade_date, ts_code, close from fupan.ods_daily order by trade_date, ts_code')
  const arrived = (app: App) =>
    app.ledger.partitions
      .coverage()
      .filter(({ table }) => table === 'ods_daily')
      .map(({ from, to, days, rows }) => ({ from, to, days, rows }))

  let before: readonly object[]
  let after: readonly object[]

  beforeAll(async () => {
    before = await withApp('first', 'market', async (app) => {
      await importFile(app, first, {}, ignore, signal)
      return bars(app)
    })
    cpSync(join(folder, 'first'), join(folder, 'both'), { recursive: true })
    after = await withApp('both', 'market', async (app) => {
      await importFile(app, second, {}, ignore, signal)
      return bars(app)
    })
  })

  test.each([
    ['its rows are staged', 'staging_ods_daily', 1, 'absent'],
    ['one of its two partitions is there', 'insert into fupan.ods_daily', 2, 'finished'],
    ['its rows are there and nobody has written down that they are', 'groupBitXor', 1, 'finished'],
  ] as const)('killed when %s is finished or absent at the next start', async (_when, words, nth, ending) => {
    const name = `${words} ${nth}`
    cpSync(join(folder, 'first'), join(folder, name), { recursive: true })
    const child = spawnSync(process.execPath, ['tests/laws/import-and-die.child.ts', join(folder, name), second, words, String(nth)], {
      cwd: root,
      encoding: 'utf8',
    })
    expect({ signal: child.signal, said: child.stdout, error: child.stderr }).toEqual({ signal: 'SIGKILL', said: '', error: '' })
    await withApp(name, 'market', async (app) => {
      expect(await staging(app)).toEqual([])
      expect(await bars(app)).toEqual(ending === 'absent' ? before : after)
      expect(arrived(app)).toEqual([
        ending === 'absent' ? { from: 20251230, to: 20260105, days: 3, rows: 9 } : { from: 20251230, to: 20260106, days: 4, rows: 12 },
      ])
      expect(app.ledger.imports.unfinished()).toEqual([])
      expect(await importFile(app, second, {}, ignore, signal)).toMatchObject({
        state: 'done',
        ...(ending === 'absent' ? { written: 9, unchanged: 0 } : { written: 0, unchanged: 9 }),
      })
      expect(await bars(app)).toEqual(after)
    })
  })

  function dailyFile(name: string, days: readonly number[], close: number): string {
    const rows = days.flatMap((day) =>
      ['600001.SH', '600002.SH', '600003.SH'].map((stock) => `${stock},${day},${close},${close},${close},${close},${close},0,0,1000,${close * 100}`),
    )
    const path = join(folder, name)
    writeFileSync(path, ['ts_code,trade_date,open,high,low,close,pre_close,change,pct_chg,vol,amount', ...rows].join('\n'))
    return path
  }
})

describe('a run', () => {
  test('killed again and again and started again ends with the tables of a run nobody disturbed', async () => {
    expect(await demo('undisturbed')).toBe(0)
    // While ticks come in, and while tables are built: after so many events of the run.
    for (const events of [19, 34]) expect(await demo('disturbed', events)).toBe('SIGKILL')
    expect(await demo('disturbed')).toBe(0)
    const expected = await tablesOf('undisturbed')
    const found = await tablesOf('disturbed')
    expect(builtTables.flatMap((table) => differencesOf(table, found.get(table.name)!, expected.get(table.name)!))).toEqual([])
    expect(expected.get('strategy_candidates')).toBeDefined()
    for (const name of ['dwd_daily', 'stock_bollinger_data', 'stock_microstructure_daily']) expect(expected.get(name)!.length, name).toBeGreaterThan(0)
  })

  /** `fupan demo --once` on a market of its own; killed after so many lines of events when told so. The exit code, or what killed it. */
  function demo(name: string, killAfter = Infinity): Promise<number | string | null> {
    return new Promise((resolve) => {
      const child = spawn(
        process.execPath,
        ['bin/fupan.mjs', 'demo', '--once', '--json', '--size', '5', '--days', '5', '--seed', '5', '--data-dir', join(folder, name)],
        { cwd: root, stdio: ['ignore', 'ignore', 'pipe'] },
      )
      let lines = 0
      child.stderr.setEncoding('utf8').on('data', (piece: string) => {
        lines += piece.split('\n').length - 1
        if (lines >= killAfter) child.kill('SIGKILL')
      })
      child.on('exit', (code, signal) => resolve(code ?? signal))
    })
  }

  function tablesOf(name: string): Promise<ReadonlyMap<string, Frame>> {
    return withApp(name, 'sim', async (app) => {
      expect(await staging(app)).toEqual([])
      const frames = new Map<string, Frame>()
      for (const table of tables)
        frames.set(
          table.name,
          await app.engine.frame(`select ${Object.keys(table.columns).join(', ')} from fupan.${table.name} order by ${table.grain.join(', ')}`),
        )
      return frames
    })
  }
})
