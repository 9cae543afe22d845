import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, expect, test } from 'vitest'
import { tradeDate } from '#core/trade-date.ts'
import { openChunks, openFile } from './decode-file.ts'

const folder = mkdtempSync(join(tmpdir(), 'fupan-decode-'))
afterAll(() => rmSync(folder, { recursive: true }))
const today = tradeDate(20260926)

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

async function all(request: Parameters<typeof openFile>[0]) {
  const open = await openFile(request)
  let [rowsRead, rows] = [0, 0]
  const rejected = []
  for await (const chunk of open.decoded) {
    rowsRead += chunk.rowsRead
    rejected.push(...chunk.rejected)
    for (const { frame } of chunk.frames) rows += frame.length
  }
  return { kind: open.kind.name, rowsRead, rows, rejected }
}

const minutes = Array.from(
  { length: 400 },
  (_, i) => `2026-03-${String(10 + (i % 16)).padStart(2, '0')} ${10 + Math.floor(i / 100)}:${i % 4 === 0 ? '00' : '15'}:00,600004,9.61,9.68,9.51,9.53,100,953`,
)

test('openFile() accounts for every row read, whatever the chunk size: bad records and bad cells alike', async () => {
  const text = ['datetime,symbol,open,high,low,close,volume,amount', ...minutes, 'short,row', '2026-03-23 10:00:00,600004,0,0,0,0,0,0', ''].join('\n')
  for (const chunkBytes of [200, 5000, 1 << 20]) {
    const result = await all({ path: file('bars15m.csv.gz', gzipSync(text)), today, chunkBytes })
    expect(result).toMatchObject({ kind: 'minute_bars', rowsRead: 402, rows: 400 })
    expect(result.rejected.map(({ line, reason }) => `${line} ${reason}`)).toEqual(['402 BAD_ROW', '403 BAD_PRICE'])
  }
})

test('openFile() puts a file read in pieces in time order as a whole', async () => {
  const rows = Array.from(
    { length: 100 },
    (_, i) => `10:${String(59 - Math.floor(i / 2)).padStart(2, '0')}:${i % 2 === 0 ? '30' : '00'},9.08,${i + 1},${(i + 1) * 908},1`,
  )
  const path = file('2018-01-15.csv', ['timestamp,price,volume,turnover,direction', ...rows].join('\r\n'))
  const open = await openFile({ path, today, code: '300027.SZ', chunkBytes: 100 })
  const chunks = []
  for await (const chunk of open.decoded) chunks.push(chunk)
  expect(chunks).toHaveLength(1)
  const { columns } = chunks[0]!.frames[0]!.frame
  expect([...(columns['volume'] as Float64Array)]).toEqual(Array.from({ length: 100 }, (_, i) => (100 - i) * 100))
  expect([...(columns['at'] as Float64Array)]).toEqual([...(columns['at'] as Float64Array)].toSorted((a, b) => a - b))
})

test('openFile() says which of code and date is missing and how to give it', async () => {
  const path = file('ticks.csv', 'timestamp,price,volume,turnover,direction\n10:00:00,9.08,1,908,1\n')
  await expect(openFile({ path, today })).rejects.toMatchObject({
    kind: 'missing-context',
    message: expect.stringContaining('--code 600519.SH --date 2026-01-05'),
  })
  expect(await all({ path, today, code: '300027', date: '2018-01-15' })).toMatchObject({ rowsRead: 1, rows: 1 })
})

test('openFile() opens a file that is only a header: nothing read, nothing rejected', async () => {
  expect(await all({ path: file('adj_factor.csv', 'ts_code,trade_date,adj_factor\n'), today, kind: 'tushare_adj_factor' })).toEqual({
    kind: 'tushare_adj_factor',
    rowsRead: 0,
    rows: 0,
    rejected: [],
  })
})

test('openChunks() reads rows that did not come from a text file, and closes their source when it cannot use them', async () => {
  let isClosed = false
  async function* parquet() {
    try {
      yield { header: ['ts_code', 'trade_date', 'adj_factor'], columns: [['600519.SH'], ['20251023'], ['8.305']], line: [1] }
      yield { header: ['ts_code', 'trade_date', 'adj_factor'], columns: [['600519.SH'], ['20251024'], ['x']], line: [2] }
    } finally {
      isClosed = true
    }
  }
  const open = await openChunks(parquet(), { path: 'a.parquet', today })
  const chunks = []
  for await (const chunk of open.decoded) chunks.push(chunk)
  expect(chunks.map(({ rowsRead, rejected }) => [rowsRead, rejected.length])).toEqual([[2, 1]])
  isClosed = false
  await expect(openChunks(parquet(), { path: 'a.parquet', today, kind: 'tick_detail' })).rejects.toMatchObject({ kind: 'unknown-kind' })
  expect(isClosed).toBe(true)
})
