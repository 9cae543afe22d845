import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { frameOf, labelAt, labels, numbers, toLabels, type Frame } from '#core/frame.ts'
import type { Engine, EngineErrorKind } from '#warehouse/engine/engine.ts'
import { isReadOnlySelect, readOnlySettings } from '#warehouse/engine/guard.ts'

const slowSum = 'select sum(cityHash64(number)) as s from numbers(200000000000)'

/** Every column type of our tables (engine-type.ts), plain and nullable, with the values that go wrong first. */
const allTypes = frameOf({
  k: Int32Array.of(0, 1, 2, 3),
  u8: Uint8Array.of(0, 1, 255, 7),
  u32: Uint32Array.of(0, 1, 4_294_967_295, 20_260_105),
  i32: Int32Array.of(-2_147_483_648, -1, 2_147_483_647, 0),
  i64: Float64Array.of(-9_007_199_254_740_991, 9_007_199_254_740_991, -4_294_967_296, 1_767_576_600_250),
  f64: Float64Array.of(-0, 5e-324, 1.797_693_134_862_315_7e308, 0.1),
  s: toLabels(['', `it's "quoted" \`and\` \\ \t\n\0`, '贵州茅台 𠮷', 'x'.repeat(70_000)]),
  lc: toLabels(['600519.SH', '中文', '600519.SH', '']),
  u8n: Float64Array.of(NaN, 0, 255, NaN),
  u32n: Float64Array.of(NaN, 4_294_967_295, 0, NaN),
  i32n: Float64Array.of(-5, NaN, NaN, 5),
  i64n: Float64Array.of(NaN, -9_007_199_254_740_991, 0, NaN),
  f64n: Float64Array.of(NaN, -0.5, NaN, 1e300),
  sn: toLabels([undefined, '', 'a', undefined]),
  lcn: toLabels(['', undefined, 'NULL', undefined]),
})

const allTypesDdl = `create or replace table fupan.all_types (
  k Int32, u8 UInt8, u32 UInt32, i32 Int32, i64 Int64, f64 Float64, s String, lc LowCardinality(String),
  u8n Nullable(UInt8), u32n Nullable(UInt32), i32n Nullable(Int32), i64n Nullable(Int64), f64n Nullable(Float64), sn Nullable(String),
  lcn LowCardinality(Nullable(String)), ver UInt64, twice Int32 alias k * 2
) engine = ReplacingMergeTree(ver) order by k`

/** The columns of a frame as plain values: what two frames must agree in, whatever their dictionaries. */
function plain(frame: Frame): Record<string, unknown[]> {
  return Object.fromEntries(
    Object.entries(frame.columns).map(([name, column]) => [
      name,
      'values' in column && 'index' in column ? [...column.index.keys()].map((row) => labelAt(column as never, row)) : [...column],
    ]),
  )
}

/** How a promise ended: its EngineErrorKind and code, else the name of the error. */
export async function ending(work: Promise<unknown>): Promise<{ kind: string; code?: number; message: string }> {
  try {
    await work
    return { kind: 'resolved', message: '' }
  } catch (error) {
    const { kind, code, message, name } = error as { kind?: EngineErrorKind; code?: number; message: string; name: string }
    return { kind: kind ?? name, ...(code === undefined ? {} : { code }), message }
  }
}

async function running(engine: Engine): Promise<number> {
  const [row] = await engine.rows<{ n: number }>(
    `select count() as n from system.processes where query like '%200000000000%' and query not like '%system.processes%'`,
  )
  return row!.n
}

/** The contract of engine.ts, the same for both flavours and wherever they run. `open` is called once. */
export function engineContract(flavour: Engine['flavour'], open: () => Promise<Engine>, subject: string = flavour): void {
  let engine: Engine
  const folder = mkdtempSync(join(tmpdir(), 'fupan-contract-'))
  beforeAll(async () => {
    engine = await open()
    await engine.exec(allTypesDdl)
  })
  afterAll(async () => {
    await engine.close()
    rmSync(folder, { recursive: true, force: true })
  })
  const name = (text: string) => `${subject} engine ${text}`

  test(name('says its flavour and version'), async () => {
    expect(engine.flavour).toBe(flavour)
    expect(await engine.version()).toMatch(/^\d+\.\d+/)
  })

  test(name('insert() and frame() round-trip every column type, with NaN, NULL, Chinese, quotes and empty text'), async () => {
    await engine.exec('truncate table fupan.all_types')
    await engine.insert('fupan.all_types', allTypes)
    const back = await engine.frame('select * except (ver) from fupan.all_types order by k')
    expect(plain(back)).toEqual(plain(allTypes))
    expect(Object.is(numbers(back, 'f64')[0], -0)).toBe(true)
    expect(Object.entries(back.columns).map(([column, value]) => [column, 'values' in value && 'index' in value ? 'Labels' : value.constructor.name])).toEqual([
      ['k', 'Int32Array'],
      ['u8', 'Uint8Array'],
      ['u32', 'Uint32Array'],
      ['i32', 'Int32Array'],
      ['i64', 'Float64Array'],
      ['f64', 'Float64Array'],
      ['s', 'Labels'],
      ['lc', 'Labels'],
      ...['u8n', 'u32n', 'i32n', 'i64n', 'f64n'].map((column) => [column, 'Float64Array']),
      ['sn', 'Labels'],
      ['lcn', 'Labels'],
    ])
    // NULL is NULL in the table, not NaN or ''.
    const [nulls] = await engine.rows<Record<string, number>>(
      'select countIf(f64n is null) as f, countIf(isNaN(f64n)) as nan, countIf(sn is null) as s, countIf(lcn is null) as lc from fupan.all_types',
    )
    expect(nulls).toEqual({ f: 2, nan: 0, s: 2, lc: 2 })
    expect(await engine.rows('select lc, i64, f64n, sn from fupan.all_types where k = 0')).toEqual([
      { lc: '600519.SH', i64: -9_007_199_254_740_991, f64n: null, sn: null },
    ])
  })

  test(name('insert() refuses what does not fit, and nothing is inserted'), async () => {
    await engine.exec('truncate table fupan.all_types')
    const into = (columns: Frame['columns']) => ending(engine.insert('fupan.all_types', frameOf({ k: Int32Array.of(1, 2), ...columns })))
    expect(await into({ f64: Float64Array.of(1, NaN) })).toMatchObject({
      kind: 'RangeError',
      message: expect.stringContaining('"f64": it is Float64, row 1 is missing'),
    })
    expect(await into({ i32: Float64Array.of(1, 1.5) })).toMatchObject({ message: expect.stringContaining('row 1 holds 1.5') })
    expect(await into({ u8: Float64Array.of(1, 256) })).toMatchObject({ message: expect.stringContaining('row 1 holds 256') })
    expect(await into({ u32: Int32Array.of(1, -1) })).toMatchObject({ message: expect.stringContaining('row 1 holds -1') })
    expect(await into({ lc: toLabels(['a', undefined]) })).toMatchObject({ message: expect.stringContaining('row 1 is missing') })
    expect(await into({ lc: Float64Array.of(1, 2) })).toMatchObject({ kind: 'TypeError' })
    expect(await into({ f64: toLabels(['1', '2']) })).toMatchObject({ kind: 'TypeError' })
    expect(await into({ u3: Uint32Array.of(1, 2) })).toMatchObject({ kind: 'RangeError', message: expect.stringContaining('Did you mean u8?') })
    expect(await ending(engine.insert('fupan.no_table', frameOf({ k: Int32Array.of(1) })))).toMatchObject({ kind: 'unknown-table', code: 60 })
    expect(await ending(engine.insert('fupan.all_types; drop table fupan.all_types', frameOf({ k: Int32Array.of(1) })))).toMatchObject({ kind: 'RangeError' })
    await engine.insert('fupan.all_types', frameOf({ k: new Int32Array(0) }))
    expect(await engine.rows('select count() as n from fupan.all_types')).toEqual([{ n: 0 }])
  })

  test(name('insert() makes one part of one insert, however wide'), async () => {
    await engine.exec('create or replace table fupan.one_part (d UInt32, k UInt32, t String) engine = MergeTree order by k partition by d')
    await engine.exec('system stop merges fupan.one_part')
    const rows = 300_000
    // 300 MB of text: above the engine's default size of a block.
    const wide = { index: new Uint32Array(rows), values: ['w'.repeat(1000)] }
    await engine.insert('fupan.one_part', frameOf({ d: new Uint32Array(rows).fill(1), k: Uint32Array.from({ length: rows }, (_, i) => i), t: wide }))
    expect(await engine.rows(`select rows from system.parts where table = 'one_part' and active`)).toEqual([{ rows }])
    await engine.exec('drop table fupan.one_part')
  })

  test(name('every SELECT reads with FINAL: the newest version of a key'), async () => {
    await engine.exec('truncate table fupan.all_types')
    for (const ver of [2, 3, 1])
      await engine.insert('fupan.all_types', frameOf({ k: Int32Array.of(7), i32: Int32Array.of(ver * 10), ver: Float64Array.of(ver) }))
    expect(await engine.rows('select k, i32 from fupan.all_types')).toEqual([{ k: 7, i32: 30 }])
    expect(plain(await engine.frame('select i32 from fupan.all_types'))).toEqual({ i32: [30] })
    expect(await engine.rows('select count() as n from fupan.all_types', { settings: { final: 0 } })).toEqual([{ n: 3 }])
  })

  test(name('binds parameters as values, hostile text included'), async () => {
    const text = `'); drop table fupan.all_types; -- \\' \t\n 中文 {x:String}`
    const params = { text, n: 20_260_105, list: ["a'b", '\\', '中'], days: [1, 2], yes: true, nothing: null, table: 'all_types' }
    const sql =
      'select {text:String} as text, {n:UInt32} as n, {list:Array(String)} as list, {days:Array(UInt32)} as days, {yes:UInt8} as yes, {nothing:Nullable(String)} as nothing'
    expect(await engine.rows(sql, { params })).toEqual([{ text, n: 20_260_105, list: ["a'b", '\\', '中'], days: [1, 2], yes: 1, nothing: null }])
    const frame = await engine.frame('select {text:String} as text, number from numbers({n:UInt32})', { params: { text, n: 2 } })
    expect(plain(frame)).toEqual({ text: [text, text], number: [0, 1] })
    expect(await ending(engine.rows('select count() from fupan.{table:Identifier}', { params }))).toMatchObject({ kind: 'resolved' })
  })

  test(name('parameters and settings of one call never reach another'), async () => {
    expect(await ending(engine.rows('select number from numbers(10)', { settings: { max_result_rows: 5 } }))).toMatchObject({ kind: 'result-too-large' })
    for (let i = 0; i < 12; i++) expect(await engine.rows('select number from numbers(10)')).toHaveLength(10)
    const size = () => engine.rows(`select getSetting('max_block_size') as size, getSetting('max_threads') as threads`)
    const usual = await size()
    for (let i = 0; i < 8; i++) await engine.rows('select 1', { settings: { max_block_size: 1234, max_threads: 1 } })
    for (let i = 0; i < 8; i++) expect(await size()).toEqual(usual)
    await engine.rows('select {secret:String} as s', { params: { secret: 'x' } })
    for (let i = 0; i < 8; i++)
      expect(await ending(engine.rows('select {secret:String} as s'))).toMatchObject({
        kind: 'syntax',
        message: expect.stringContaining('found none for secret'),
      })
    expect(await ending(engine.exec('set max_result_rows = 5'))).toMatchObject({ kind: 'syntax' })
    expect(await ending(engine.rows('select 1', { settings: { not_a_setting: 1 } }))).toMatchObject({ kind: 'other', code: 115 })
    // readonly cannot be taken back on a connection: it must be replaced.
    expect(await ending(engine.exec('truncate table fupan.all_types', { settings: readOnlySettings }))).toMatchObject({ code: 164 })
    for (let i = 0; i < 8; i++) await engine.exec('truncate table fupan.all_types')
  })

  test(name('200 concurrent calls each run with their own settings and parameters'), async () => {
    const calls = Array.from({ length: 200 }, async (_, i) => {
      const limit = 1 + (i % 7)
      const sql = `select number + {base:UInt32} as v, getSetting('max_block_size') as size from numbers({rows:UInt32})`
      const settings = { max_result_rows: limit, max_block_size: 1000 + i }
      if (i % 5 === 0) return (await ending(engine.rows(sql, { settings, params: { base: i, rows: limit + 1 } }))).kind
      const rows = await engine.rows<{ v: number; size: number }>(sql, { settings, params: { base: i, rows: limit } })
      return rows.every(({ v, size }, row) => v === i + row && size === 1000 + i) && rows.length === limit
    })
    expect(await Promise.all(calls)).toEqual(Array.from({ length: 200 }, (_, i) => (i % 5 === 0 ? 'result-too-large' : true)))
  })

  test(name('abort stops the work in the engine and frees the connection'), async () => {
    const calls: readonly ((signal: AbortSignal) => Promise<unknown>)[] = [
      (signal) => engine.rows(slowSum, { signal }),
      (signal) => engine.frame(slowSum, { signal }),
      (signal) => engine.exec(`insert into fupan.all_types (k) select toInt32(s) from (${slowSum})`, { signal }),
      (signal) => engine.exportParquet(slowSum, join(folder, 'never.parquet'), { signal }),
      async (signal) => {
        for await (const frame of engine.frames(`select cityHash64(number) % 7 as x from numbers(200000000000)`, { signal }))
          expect(frame.length).toBeGreaterThan(0)
      },
    ]
    for (const call of calls) {
      const abort = new AbortController()
      const ended = ending(call(abort.signal))
      await expect.poll(() => running(engine), { timeout: 10_000 }).toBe(1)
      const at = performance.now()
      abort.abort()
      expect(await ended).toMatchObject({ kind: 'cancelled', code: 394 })
      expect(performance.now() - at).toBeLessThan(5000)
      await expect.poll(() => running(engine), { timeout: 2000 }).toBe(0)
    }
    expect(await ending(engine.rows('select 1', { signal: AbortSignal.abort() }))).toMatchObject({ kind: 'cancelled' })
    expect(readdirSync(folder)).toEqual([])
    expect(await engine.rows('select 1 as one')).toEqual([{ one: 1 }])
  })

  test(name('abort of many calls at once leaves the engine usable'), async () => {
    const abort = new AbortController()
    const calls = Array.from({ length: 12 }, () => ending(engine.rows(slowSum, { signal: abort.signal })))
    setTimeout(() => abort.abort(), 300)
    expect((await Promise.all(calls)).map(({ kind }) => kind)).toEqual(Array.from({ length: 12 }, () => 'cancelled'))
    await expect.poll(() => running(engine), { timeout: 5000 }).toBe(0)
    const back = await Promise.all(Array.from({ length: 12 }, () => engine.rows('select 1 as one')))
    expect(back.flat()).toHaveLength(12)
  })

  test(name('a bad ending says which it was, and the engine lives on'), async () => {
    const endings: readonly [string, EngineErrorKind, number | undefined, Record<string, number>][] = [
      ['selec 1', 'syntax', 62, {}],
      ['select nothing_such from fupan.all_types', 'syntax', 47, {}],
      ['select * from fupan.no_such_table', 'unknown-table', 60, {}],
      ['select * from no_such_database.t', 'unknown-table', 81, {}],
      ['select count() from (select number from numbers(50000000) group by number)', 'out-of-memory', 241, { max_memory_usage: 50_000_000 }],
      [slowSum, 'timed-out', 159, { max_execution_time: 1 }],
      ['select number from numbers(200000)', 'result-too-large', 396, {}],
      ['select repeat(toString(number % 10), 1000) as x from numbers(60000)', 'result-too-large', 396, {}],
      ['select throwIf(1)', 'other', 395, {}],
    ]
    for (const [sql, kind, code, settings] of endings) {
      expect(await ending(engine.rows(sql, { settings })), sql).toMatchObject({ kind, code, message: expect.stringMatching(/^Cannot read rows: /) })
      expect(await engine.rows('select 1 as one')).toEqual([{ one: 1 }])
    }
    const { message } = await ending(engine.rows('select 1 frm x y'))
    expect(message).toContain('failed at position 14')
    expect(message).not.toMatch(/fupan:|format JSON|version|SYNTAX_ERROR/)
  })

  test(name('survives malformed and hostile statements'), async () => {
    const statements = ['', ' ; ', 'select', "select 'open", 'select 1; drop table fupan.all_types', '/* open', 'select \u2019x\u2019', '\0', 'select 1 /* /* */ */', 'drop database no_such',
      'select * from fupan.all_types where', '(((((', 'x'.repeat(100_000), `select ${'('.repeat(5000)}1${')'.repeat(5000)}`, `select * from url('http://127.0.0.1:9/x', CSV, 'a Int32')`,
      'insert into fupan.all_types values (', 'alter table fupan.all_types drop column nope', 'create table fupan.x (a Nope) engine = Memory', 'select 1 format Nope', 'use system', 'kill query'] // prettier-ignore
    for (const sql of statements) {
      const { kind } = await ending(engine.rows(sql, { settings: { http_max_tries: 1 } }))
      expect(['syntax', 'other', 'unknown-table', 'unavailable'], `${kind}: ${sql.slice(0, 60)}`).toContain(kind)
    }
    expect(await engine.rows('select count() as n from fupan.all_types')).toEqual([{ n: 0 }])
  })

  test(name('whole numbers beyond 2^53 are refused, not rounded'), async () => {
    for (const [sql, exact] of [
      ['9223372036854775807', false],
      ['-9007199254740993', false],
      ['9007199254740991', true],
    ] as const) {
      const select = `select toInt64(${sql}) as big, '9223372036854775807' as text`
      expect((await ending(engine.rows(select))).kind).toBe(exact ? 'resolved' : 'RangeError')
      expect((await ending(engine.frame(select))).kind).toBe(exact ? 'resolved' : 'RangeError')
    }
  })

  test(name('frames() streams a large result block by block, in order'), async () => {
    let [rows, sum, blocks, ordered] = [0, 0, 0, true]
    for await (const frame of engine.frames(`select number as n, toLowCardinality(toString(number % 5)) as lc, toString(number) as s from numbers(1000000)`)) {
      const n = numbers(frame, 'n')
      const [lc, s] = [labels(frame, 'lc'), labels(frame, 's')]
      for (let row = 0; row < frame.length; row++) {
        ordered &&= n[row] === rows + row
        sum += n[row]!
      }
      for (const row of [0, frame.length >> 1, frame.length - 1]) expect([labelAt(lc, row), labelAt(s, row)]).toEqual([String(n[row]! % 5), String(n[row])])
      rows += frame.length
      blocks++
    }
    expect({ rows, sum, ordered }).toEqual({ rows: 1_000_000, sum: 499_999_500_000, ordered: true })
    expect(blocks).toBeGreaterThan(3)
  })

  test(name('frames() left early stops the statement; a failure in the middle is an EngineError'), async () => {
    for await (const frame of engine.frames('select number from numbers(200000000000)')) if (frame.length > 0) break
    await expect.poll(() => running(engine), { timeout: 10_000 }).toBe(0)
    let rows = 0
    const read = async () => {
      for await (const frame of engine.frames('select number, throwIf(number = 3000000) as t from numbers(5000000)')) rows += frame.length
    }
    expect(await ending(read())).toMatchObject({ kind: 'other', code: 395, message: expect.stringContaining('non-zero') })
    expect(rows).toBeGreaterThan(0)
  })

  test(name('an empty result keeps its columns; describe() names and types them'), async () => {
    const sql = `select k, f64n, lcn from fupan.all_types where k > {k:Int32}`
    const empty = await engine.frame(sql, { params: { k: 2_000_000_000 } })
    expect(empty.length).toBe(0)
    expect(empty.columns['k']).toBeInstanceOf(Int32Array)
    expect(labels(empty, 'lcn').values).toEqual([])
    expect(await engine.describe(`${sql} -- all`, { params: { k: 1 } })).toEqual([
      { name: 'k', type: 'Int32' },
      { name: 'f64n', type: 'Nullable(Float64)' },
      { name: 'lcn', type: 'LowCardinality(Nullable(String))' },
    ])
  })

  test(name('types outside our tables: dates become YYYYMMDD, times epoch ms, decimals doubles; the rest is refused by name'), async () => {
    const frame = await engine.frame(`select toDate('2024-02-29') as d, toDate32('1960-01-02') as d32, toDateTime('2024-02-29 09:30:00', 'Asia/Shanghai') as t,
      toDateTime64('2024-02-29 09:30:00.250', 3, 'Asia/Shanghai') as t3, toUInt16(7) as u16, toInt8(-3) as i8, true as b, toFloat32(1.5) as f32, count() as c,
      sum(toDecimal64('-12.34', 2)) as dec, null as nothing, toFixedString('ab', 2) != '' as e`)
    expect(plain(frame)).toEqual({
      d: [20_240_229],
      d32: [19_600_102],
      t: [1_709_170_200_000],
      t3: [1_709_170_200_250],
      u16: [7],
      i8: [-3],
      b: [1],
      f32: [1.5],
      c: [1],
      dec: [-12.34],
      nothing: [NaN],
      e: [1],
    })
    expect(await ending(engine.frame('select [1, 2] as list'))).toMatchObject({ kind: 'RangeError', message: expect.stringContaining('"list" (Array(UInt8))') })
  })

  test(name('exportParquet() and ingest() carry a table through a file, at a path with odd characters'), async () => {
    await engine.exec('truncate table fupan.all_types')
    await engine.insert('fupan.all_types', allTypes)
    const path = join(folder, `日线 {a,b}*?'.parquet`)
    await engine.exportParquet('select * from fupan.all_types order by k', path)
    await engine.exportParquet('select * from fupan.all_types order by k', path) // replaces
    expect(readdirSync(folder)).toEqual([`日线 {a,b}*?'.parquet`])
    await engine.exec('truncate table fupan.all_types')
    await engine.ingest('fupan.all_types', path, 'Parquet')
    expect(plain(await engine.frame('select * except (ver) from fupan.all_types order by k'))).toEqual(plain(allTypes))
  })

  test(name('exportParquet() leaves nothing behind when it fails; ingest() refuses a file that does not match'), async () => {
    const path = join(folder, 'bad.parquet')
    expect(await ending(engine.exportParquet('select throwIf(number = 3000000) as t, number from numbers(5000000)', path))).toMatchObject({ code: 395 })
    expect(existsSync(path)).toBe(false)
    expect(readdirSync(folder).filter((file) => file.includes('partial'))).toEqual([])
    await engine.exportParquet('select toInt32(1) as k, 2 as stranger', path)
    expect(await ending(engine.ingest('fupan.all_types', path, 'Parquet'))).toMatchObject({ kind: 'RangeError', message: expect.stringContaining('stranger') })
    expect(await ending(engine.ingest('fupan.all_types', join(folder, 'absent.parquet'), 'Parquet'))).toMatchObject({
      kind: 'other',
      message: expect.stringContaining('ENOENT'),
    })
  })

  test(name('accepts the DDL of a cluster (parsed, not run)'), async () => {
    const ddl = [
      `create table if not exists fupan.x_local on cluster '{cluster}' (ts_code LowCardinality(String), trade_date UInt32, c Float64 codec(ZSTD(1)), ver UInt64, is_deleted UInt8)
        engine = ReplicatedReplacingMergeTree('/clickhouse/tables/{shard}/fupan/x', '{replica}', ver, is_deleted) partition by intDiv(trade_date, 10000) order by (ts_code, trade_date)`,
      `create table if not exists fupan.x on cluster '{cluster}' as fupan.x_local engine = Distributed('{cluster}', 'fupan', 'x_local', cityHash64(ts_code))`,
      `alter table fupan.x_local on cluster '{cluster}' replace partition 2026 from fupan.x_staging`,
      `optimize table fupan.x_local on cluster '{cluster}' partition 2026 final`,
    ]
    for (const sql of ddl) expect((await engine.rows<{ explain: string }>(`explain ast ${sql}`))[0]?.explain).toMatch(/^(CreateQuery|AlterQuery|OptimizeQuery)/)
  })

  test(name('runs what the guard lets through read-only, and refuses by itself what it would not'), async () => {
    const sql = `with t as (select * from fupan.all_types) select count() as n from t, numbers(2) as two where k in (select k from all_types)`
    expect(isReadOnlySelect(sql)).toEqual({ ok: true })
    expect(await engine.rows(sql, { settings: readOnlySettings })).toHaveLength(1)
    expect(await engine.rows('show tables from fupan', { settings: readOnlySettings })).toContainEqual({ name: 'all_types' })
    for (const hostile of [
      `select * from file('/etc/hostname', LineAsString)`,
      `select * from url('http://127.0.0.1:9/x', CSV, 'a Int32')`,
      'drop table fupan.all_types',
      'insert into fupan.all_types (k) values (1)',
    ]) {
      expect(isReadOnlySelect(hostile).ok).toBe(false)
      expect(await ending(engine.rows(hostile, { settings: readOnlySettings })), hostile).toMatchObject({ code: 164 })
    }
    // An unqualified name is a table of ours, never a file of the working folder.
    expect(await ending(engine.rows('select * from `package.json`'))).toMatchObject({ kind: 'unknown-table' })
  })
}
