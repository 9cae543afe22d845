import { expect, test } from 'vitest'
import { ConfigError, nearest, UsageError } from './errors.ts'

test('nearest() finds a slip of the finger and stays silent about strangers', () => {
  const tables = ['dwd_daily', 'dwd_adj_factor', 'ods_daily']
  expect(nearest('dwd_daliy', tables)).toBe('dwd_daily')
  expect(nearest('DWD_DAILY', tables)).toBe('dwd_daily')
  expect(nearest('ods_dailly', tables)).toBe('ods_daily')
  expect(nearest('candidates', tables)).toBeUndefined()
  expect(nearest('x', [])).toBeUndefined()
})

test('UsageError and ConfigError carry their names', () => {
  expect([new UsageError('u').name, new ConfigError('c').name]).toEqual(['UsageError', 'ConfigError'])
  expect(new UsageError('u')).toBeInstanceOf(Error)
})
