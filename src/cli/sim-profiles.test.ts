import { UsageError } from '#core/errors.ts'
import { expect, test } from 'vitest'
import { profileLines, readProfiles } from './sim-profiles.ts'

test('readProfiles() takes a list, words and repetitions, and leaves China out: it is always there', () => {
  expect(readProfiles('hk,us')).toEqual(['hk', 'us'])
  expect(readProfiles(['US', 'hk, crypto', 'us', 'cn'])).toEqual(['us', 'hk', 'crypto'])
  expect(readProfiles('cn')).toEqual([])
  expect(() => readProfiles('uk')).toThrow(UsageError)
  expect(() => readProfiles(['hk', ''])).toThrow(/there are cn, hk, us, crypto/)
})

test('profileLines() name every market with its zone and how far it is stored', () => {
  const markets = [{ market: 'hk', label: 'Hong Kong', timezone: 'Asia/Hong_Kong', symbols: 10 }]
  expect(profileLines({ profiles: ['cn', 'hk'], markets, daily: { from: 20260105, to: 20260107, days: 3, rows: 1030 } })).toEqual([
    'profiles     cn, hk',
    '  hk         Hong Kong, 10 symbols, Asia/Hong_Kong',
    'foreign      daily 20260105..20260107, 1,030 rows; minutes none yet',
  ])
})
