import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { ConfigError } from '#core/errors.ts'
import { readConfig } from './config.ts'

const folder = mkdtempSync(join(tmpdir(), 'fupan-config-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('readConfig() with nothing configured uses the defaults and says so', () => {
  const config = readConfig({}, {}, folder)
  expect(config.dataDirectory).toEqual({ value: join(folder, 'data'), from: 'default', secret: false })
  expect([config.port.value, config.host.value, config.token.value]).toEqual([8710, '127.0.0.1', undefined])
})

test('readConfig() lets flags win over the environment, and the environment over the file', () => {
  writeFileSync(join(folder, 'fupan.config.json'), JSON.stringify({ port: 9001, dataDirectory: 'from-file' }))
  expect(readConfig({}, {}, folder).port).toMatchObject({ value: 9001, from: 'fupan.config.json' })
  expect(readConfig({}, { FUPAN_PORT: '9002' }, folder).port).toMatchObject({ value: 9002, from: 'environment' })
  expect(readConfig({ port: 9003 }, { FUPAN_PORT: '9002' }, folder).port).toMatchObject({ value: 9003, from: 'flag' })
  rmSync(join(folder, 'fupan.config.json'))
})

test('readConfig() refuses what it cannot use, naming the setting and where it was found', () => {
  expect(() => readConfig({}, { FUPAN_PORT: 'eighty' }, folder)).toThrow(/the port.*FUPAN_PORT holds "eighty"/)
  expect(() => readConfig({}, { FUPAN_TOKEN: 'short' }, folder)).toThrow(ConfigError)
  writeFileSync(join(folder, 'fupan.config.json'), '{"prot": 1}')
  expect(() => readConfig({}, {}, folder)).toThrow(/fupan\.config\.json.*prot/s)
  rmSync(join(folder, 'fupan.config.json'))
})

test('readConfig() asks TuShare at its own address unless another one is named, over HTTP only', () => {
  expect(readConfig({}, {}, folder).tushareUrl).toEqual({ value: 'https://api.tushare.pro', from: 'default', secret: false })
  expect(readConfig({}, { FUPAN_TUSHARE_URL: 'http://127.0.0.1:8720/tushare' }, folder).tushareUrl.value).toBe('http://127.0.0.1:8720/tushare')
  expect(() => readConfig({}, { FUPAN_TUSHARE_URL: 'file:///etc/passwd' }, folder)).toThrow(/the TuShare address.*FUPAN_TUSHARE_URL/)
  writeFileSync(join(folder, 'fupan.config.json'), '{"tushareUrl": "ftp://somewhere"}')
  expect(() => readConfig({}, {}, folder)).toThrow(/fupan\.config\.json/)
  rmSync(join(folder, 'fupan.config.json'))
})

test('readConfig() never repeats a secret in a message', () => {
  expect(() => readConfig({}, { FUPAN_TOKEN: 'hunter2' }, folder)).not.toThrow(/hunter2/)
  expect(() => readConfig({}, { TUSHARE_TOKEN: 'not a token!' }, folder)).toThrow(/^(?!.*not a token!).*TUSHARE_TOKEN holds an unusable value/)
  expect(readConfig({}, { TUSHARE_TOKEN: 'abcdef-123456' }, folder).tushareToken).toEqual({ value: 'abcdef-123456', from: 'environment', secret: true })
})

test('readConfig() listens beyond this machine only with a token', () => {
  expect(() => readConfig({ host: '0.0.0.0' }, {}, folder)).toThrow(/needs an access token.*FUPAN_TOKEN/s)
  expect(readConfig({ host: '0.0.0.0' }, { FUPAN_TOKEN: 'a'.repeat(16) }, folder).host.value).toBe('0.0.0.0')
})
