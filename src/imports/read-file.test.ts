import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, expect, test } from 'vitest'
import { ImportError } from './import-error.ts'
import { readTable, type FileChunk } from './read-file.ts'

const folder = mkdtempSync(join(tmpdir(), 'fupan-read-'))
afterAll(() => rmSync(folder, { recursive: true }))

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

async function all(path: string, chunkBytes?: number): Promise<FileChunk[]> {
  const chunks: FileChunk[] = []
  for await (const chunk of readTable(path, chunkBytes === undefined ? {} : { chunkBytes })) chunks.push(chunk)
  return chunks
}

async function failure(path: string): Promise<ImportError> {
  const error = await all(path).catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(ImportError)
  return error as ImportError
}

const rows = (chunks: readonly FileChunk[]) => chunks.flatMap((chunk) => chunk.line.map((line, i) => [line, ...chunk.columns.map((cells) => cells[i])]))

test('readTable() tolerates a byte-order mark, CRLF, quoted cells and a missing last line end', async () => {
  const chunks = await all(file('bom.csv', '\uFEFFname,"price"\r\n"茅台, 贵州",1\r\n\r\n五粮液,2'))
  expect(chunks[0]!.header).toEqual(['name', 'price'])
  expect(rows(chunks)).toEqual([
    [2, '茅台, 贵州', '1'],
    [4, '五粮液', '2'],
  ])
})

test('readTable() gives the same rows whatever the chunk size, plain or compressed', async () => {
  const text = `代码,价\n${Array.from({ length: 300 }, (_, i) => (i % 50 === 7 ? `"浦${i}\n",x` : `${i},${i * 2}`)).join('\n')}\n`
  const whole = rows(await all(file('a.csv', text)))
  expect(whole).toHaveLength(300)
  for (const size of [1, 7, 100, 1000]) {
    expect(rows(await all(file('a.csv', text), size))).toEqual(whole)
    expect(rows(await all(file('a.csv.gz', gzipSync(text)), size))).toEqual(whole)
  }
})

test('readTable() tells compression by content: a gzip file without .gz, and one made of two parts', async () => {
  const chunks = await all(file('packed.csv', Buffer.concat([gzipSync('a,b\n1,2\n'), gzipSync('3,4\n')])))
  expect(rows(chunks)).toEqual([
    [2, '1', '2'],
    [3, '3', '4'],
  ])
})

test('readTable() reports records of another width as BAD_ROW with their line', async () => {
  const [chunk] = await all(file('odd.csv', 'a,b\n1,2\n1\n1,2,3\n3,4\n'))
  expect(chunk!.line).toEqual([2, 5])
  expect(chunk!.rejected).toEqual([
    { line: 3, reason: 'BAD_ROW', found: '1' },
    { line: 4, reason: 'BAD_ROW', found: '1,2,3' },
  ])
})

test('readTable() gives one chunk without rows for a file that is only a header', async () => {
  expect(await all(file('header.csv', 'a,b\n'))).toMatchObject([{ header: ['a', 'b'], line: [] }])
  expect(await all(file('header2.csv', 'a,b'))).toMatchObject([{ header: ['a', 'b'], line: [] }])
})

test('readTable() names what is wrong with a file it cannot read', async () => {
  const text = 'ts_code,close\n600519.SH,1467.98\n'
  const packed = gzipSync(text.repeat(500))
  const damaged = Buffer.from(packed)
  damaged[Math.floor(damaged.length / 2)]! ^= 0xff
  const cases: readonly (readonly [string, string | Uint8Array, string, string])[] = [
    ['cut.csv.gz', packed.subarray(0, packed.length - 20), 'broken-gzip', 'unexpected end of file'],
    ['damaged.csv.gz', damaged, 'broken-gzip', 'gzip data must be complete'],
    ['named.csv.gz', text, 'broken-gzip', 'begins with the bytes 1f 8b'],
    ['empty.csv', '', 'empty', 'the file is empty'],
    ['blank.csv', '\n \n', 'empty', 'the file is empty'],
    ['values.csv', '600519.SH,20260105,1467.98\n', 'no-header', 'must name the columns'],
    ['tabs.csv', 'ts_code\tclose\n600519.SH\t1\n', 'no-header', 'separated by commas'],
    ['gbk.csv', Buffer.from([0xb4, 0xfa, 0xc2, 0xeb, 0x2c, 0xbc, 0xdb, 0x0a]), 'not-text', 'GB18030'],
    ['binary.csv', Buffer.from('PAR1\0\0\0'), 'not-text', 'must be UTF-8'],
    ['quote.csv', 'a,b\n1,"2\n3,4\n', 'broken-quotes', 'line 2 never closes'],
  ]
  for (const [name, content, kind, words] of cases) {
    const error = await failure(file(name, content))
    expect([name, error.kind]).toEqual([name, kind])
    expect(error.message).toContain(words)
    expect(error.message).toMatch(/^Cannot .*: .*, found .*\. \S|^Cannot .*: .*the file is empty\. \S|every quote must close, found/)
  }
  expect((await failure(join(folder, 'absent.csv'))).kind).toBe('not-found')
  expect((await failure(folder)).kind).toBe('unreadable')
})

test('readTable() lets the rows before the damage come first', async () => {
  const body = Array.from({ length: 20_000 }, (_, i) => `${(i * 7919) % 1_000_003},${(i * 104_729) % 999_983}`).join('\n')
  const packed = gzipSync(`a,b\n${body}\n`)
  let seen = 0
  const reading = async () => {
    for await (const chunk of readTable(file('late.csv.gz', packed.subarray(0, packed.length - 100)), { chunkBytes: 1000 })) seen += chunk.line.length
  }
  await expect(reading()).rejects.toMatchObject({ kind: 'broken-gzip' })
  expect(seen).toBeGreaterThan(1000)
})
