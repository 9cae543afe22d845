import type { Interval } from '#core/kline-interval.ts'
import { useEffect, useState } from 'react'
import { apiAgain, ApiFailure } from './api.ts'
import type { KlineColumns } from './state/chart-frame.ts'
import type { Adjust } from './state/page-search.ts'

/** How often the newest bars are asked for while no channel tells them (spec simulator §19). */
export const POLL_MS = 3_000
const TAIL_BARS = 60

interface Series {
  readonly code: string
  readonly interval: Interval
  readonly adjust: Adjust
}

interface Tail {
  readonly of: string
  readonly bars: KlineColumns | undefined
  readonly failure: ApiFailure | undefined
}

/** The newest bars of a series, asked for every 3 s with If-None-Match while `polls`; what was read last stays. A hidden page does not ask. */
export function useBarTail({ code, interval, adjust }: Series, polls: boolean) {
  const of = `${code} ${interval} ${adjust}`
  const [tail, setTail] = useState<Tail>({ of, bars: undefined, failure: undefined })
  useEffect(() => {
    if (!polls) return undefined
    const ended = new AbortController()
    let etag: string | undefined
    let isAsking = false
    const ask = async () => {
      if (isAsking || document.hidden) return
      isAsking = true
      try {
        const answer = await apiAgain(
          'GET /api/klines',
          { symbol: code, interval, adjust, label: 'end', limit: TAIL_BARS, format: 'columns' },
          etag,
          ended.signal,
        )
        if (answer === undefined) setTail((before) => (before.failure === undefined ? before : { ...before, failure: undefined }))
        else {
          etag = answer.etag
          setTail({ of, bars: answer.reply.data.klines as KlineColumns, failure: undefined })
        }
      } catch (error) {
        // Expected: ApiFailure while the server is away, AbortError at the end. Whatever else is a bug.
        if (ended.signal.aborted) return
        if (!(error instanceof ApiFailure)) throw error
        setTail((before) => ({ of, bars: before.of === of ? before.bars : undefined, failure: error }))
      } finally {
        isAsking = false
      }
    }
    const timer = setInterval(() => void ask(), POLL_MS)
    return () => {
      ended.abort()
      clearInterval(timer)
    }
  }, [of, code, interval, adjust, polls])
  const own = tail.of === of ? tail : undefined
  // A failure of the polling ends with it: the channel is back.
  return { bars: own?.bars, failure: polls ? own?.failure : undefined }
}
