import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, test } from 'vitest'
import { ConfigError } from '#core/errors.ts'
import { migrations } from './schema.ts'
import { D, TestLedger } from './test-ledger.ts'

test('openLedger() keeps what was written before', () => {
  using desk = new TestLedger()
  desk.ledger.partitions.record({ table: 'ods_daily', version: 1, runId: 'r', days: [{ date: D(20260105), rows: 3 }] })
  desk.ledger.close()
  expect(desk.another(1).partitions.coverage()).toMatchObject([{ table: 'ods_daily', days: 1, rows: 3 }])
})

test('openLedger() refuses a ledger written by a newer program, and leaves it alone', () => {
  using desk = new TestLedger()
  const path = join(desk.directory, 'ledger', 'ledger.sqlite')
  const raw = new DatabaseSync(path)
  raw.exec(`pragma user_version = ${migrations.length + 3}`)
  expect(() => desk.another(1)).toThrow(ConfigError)
  expect(() => desk.another(1)).toThrow(new RegExp(`up to ${migrations.length}, found ${migrations.length + 3}`))
  expect(raw.prepare('pragma user_version').get()).toEqual({ user_version: migrations.length + 3 })
  raw.close()
})

test('openLedger() says which file is not a ledger', () => {
  using desk = new TestLedger()
  const directory = join(desk.directory, 'other')
  mkdirSync(join(directory, 'ledger'), { recursive: true })
  writeFileSync(join(directory, 'ledger', 'ledger.sqlite'), 'this is a text of more than a hundred bytes, '.repeat(30))
  expect(() => desk.another(1, { directory })).toThrow(/Cannot open the ledger at .*other.*not a database.*FUPAN_DATA_DIR/)
  writeFileSync(join(desk.directory, 'file'), '')
  expect(() => desk.another(1, { directory: join(desk.directory, 'file') })).toThrow(ConfigError)
})

test('Ledger.transaction() writes all or nothing, over several parts', () => {
  using desk = new TestLedger()
  const { ledger } = desk
  const stateOf = ledger.partitions.reader()
  const move = { apiName: 'ods_daily', to: D(20260105), cap: D(20260105), runId: 'r', reason: 'built' }
  const work = (): void =>
    ledger.transaction(() => {
      ledger.partitions.record({ table: 'ods_daily', version: 1, runId: 'r', days: [{ date: D(20260105), rows: 3 }] })
      expect(stateOf('ods_daily', D(20260105))?.version).toBe(1)
      ledger.watermarks.advance(move)
      ledger.watermarks.advance({ ...move, to: D(20260106) })
    })
  expect(work).toThrow(/WM_FUTURE/)
  expect(ledger.watermarks.read('ods_daily')).toBeUndefined()
  expect(ledger.partitions.coverage()).toEqual([])
  expect(stateOf('ods_daily', D(20260105))).toBeUndefined()
})

test('Ledger.nextVersion() grows by one, over restarts and processes', () => {
  using desk = new TestLedger()
  const other = desk.another(2)
  expect([desk.ledger.nextVersion(), other.nextVersion(), desk.ledger.nextVersion()]).toEqual([1, 2, 3])
  desk.ledger.close()
  const again = desk.another(1)
  expect([again.lastVersion(), again.nextVersion()]).toEqual([3, 4])
})
