import { expect, test } from 'vitest'
import { engineFailure } from './engine-failure.ts'
import { EngineError } from './engine.ts'

test('engineFailure() tells kinds apart by number, from the client and from the text', () => {
  for (const [code, kind] of [
    [62, 'syntax'],
    [60, 'unknown-table'],
    [241, 'out-of-memory'],
    [159, 'timed-out'],
    [396, 'result-too-large'],
    [394, 'cancelled'],
    [243, 'disk-full'],
    [516, 'unavailable'],
    [395, 'other'],
  ] as const) {
    expect(engineFailure('x', new Error(`Code: ${code}. DB::Exception: Words. (SOME_CLASS) (version 26.7.2.1)`))).toMatchObject({ kind, code })
    expect(engineFailure('x', Object.assign(new Error('Words.'), { code: String(code) }))).toMatchObject({ kind, code })
  }
  expect(engineFailure('x', Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:9'), { code: 'ECONNREFUSED' })).kind).toBe('unavailable')
  expect(engineFailure('x', Object.assign(new Error('write ENOSPC'), { code: 'ENOSPC' })).kind).toBe('disk-full')
})

test('engineFailure() keeps the words and drops the rest', () => {
  const nested =
    'Code: 50. DB::Exception: Code: 50. DB::ErrnoException: Cannot open file a.b: , strerror: No such file. (FILE_DOESNT_EXIST) (version 26.7.2.1). (FILE_DOESNT_EXIST) (version 26.7.2.1).'
  expect(engineFailure('write x', new Error(nested)).message).toBe('Cannot write x: Cannot open file a.b: , strerror: No such file.')
  expect(engineFailure('read rows', new Error('Code: 241. DB::Exception: Too much. (MEMORY_LIMIT_EXCEEDED)')).message).toMatch(
    /^Cannot read rows: Too much\. Select fewer days/,
  )
  const own = new EngineError('locked', 'ours')
  expect(engineFailure('x', own)).toBe(own)
})
