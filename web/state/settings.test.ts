import { expect, test } from 'vitest'
import { readSettings } from './settings.ts'

test('readSettings() begins dark, 红涨绿跌, in Chinese when the browser asks for it or for neither language', () => {
  expect(readSettings(undefined, ['zh-TW', 'en'])).toEqual({ language: 'zh-CN', theme: 'dark', prices: 'red-up' })
  expect(readSettings(undefined, ['en-GB', 'zh-CN']).language).toBe('en')
  expect(readSettings(undefined, ['fr', 'zh']).language).toBe('zh-CN')
  expect(readSettings(undefined, ['fr']).language).toBe('zh-CN')
})

test('readSettings() keeps what was chosen and ignores damaged entries', () => {
  expect(readSettings({ language: 'en', theme: 'system', prices: 'green-up' }, ['zh'])).toEqual({ language: 'en', theme: 'system', prices: 'green-up' })
  expect(readSettings({ language: 'xx', theme: 7 }, ['en']).theme).toBe('dark')
  expect(readSettings('text', ['en']).language).toBe('en')
})
