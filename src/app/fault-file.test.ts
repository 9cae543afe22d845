import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { tradeDate, type EpochMs } from '#core/trade-date.ts'
import type { Fault } from '#market/fault.ts'
import { faultLine, toldOnce } from '#vendor/fault-log.ts'
import { EngineError } from '#warehouse/engine/engine.ts'
import { afterAll, expect, test } from 'vitest'
import { diskFull, isDiskFull } from './disk-full.ts'
import { faultFile } from './fault-file.ts'

const folder = mkdtempSync(join(tmpdir(), 'fupan-faults-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const full = () => Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' })
const faultOf = (entity: string): Fault => ({ kind: 'bad_row', entity, date: tradeDate(20260105), at: NaN as EpochMs, detail: {} })
const [first, second] = [faultOf('600000.SH'), faultOf('600001.SH')]

test('faultFile() leaves whole lines when the disk is full in the middle of one, and writes that fault when it is told again', () => {
  const path = join(folder, 'faults.jsonl')
  let bytesLeft = faultLine(first).length + 20
  const tell = toldOnce(
    faultFile(path, (file, line) => {
      appendFileSync(file, line.slice(0, bytesLeft))
      if (line.length > bytesLeft) throw full()
      bytesLeft -= line.length
    }),
  )
  tell(first)
  expect(() => tell(second)).toThrow(/ENOSPC/)
  expect(readFileSync(path, 'utf8')).toBe(faultLine(first))
  bytesLeft = 1000
  for (const fault of [first, second, second]) tell(fault)
  expect(readFileSync(path, 'utf8')).toBe(faultLine(first) + faultLine(second))
})

test('faultFile() leaves no torn line in a file that was new, and none where nothing could be written', () => {
  const path = join(folder, 'new.jsonl')
  const nothing = faultFile(path, () => {
    throw full()
  })
  expect(() => nothing(first)).toThrow(/ENOSPC/)
  expect(existsSync(path)).toBe(false)
  const torn = faultFile(path, (file, line) => {
    appendFileSync(file, line.slice(0, 5))
    throw full()
  })
  expect(() => torn(first)).toThrow(/ENOSPC/)
  expect(readFileSync(path, 'utf8')).toBe('')
})

test('a full disk is known by the words of SQLite, of Node and of the engine, and told with the next step; nothing else is', () => {
  const sqlite = Object.assign(new Error('database or disk is full'), { errcode: 13 })
  const quota = Object.assign(new Error('EDQUOT'), { code: 'EDQUOT' })
  for (const error of [sqlite, full(), quota, new EngineError('disk-full', 'Cannot insert: no space')])
    expect(diskFull(error, '/data', 'What was finished is kept')?.message).toBe(
      'Cannot go on: the disk of /data is full. What was finished is kept. Free some space and start again',
    )
  const others: readonly unknown[] = [new Error('x'), Object.assign(new Error('x'), { code: 'ENOENT' }), new EngineError('other', 'x'), undefined]
  expect(others.map(isDiskFull)).toEqual([false, false, false, false])
})
