import { INTERVALS, type Interval } from '#core/kline-interval.ts'
import { useRef, useState } from 'react'
import { useKeyActions } from './keys.ts'
import { useChangeSearch, usePageSearch } from './root-route.ts'
import type { Adjust } from './state/page-search.ts'
import type { TimeWindow } from './state/time-window.ts'
import type { ReadWindow } from './ui/chart-view.tsx'

/** Which series the chart shows, as the address says, and the window in time that stays when it becomes another one. */
export function useSeries(code: string) {
  const { adjust = 'qfq', interval = '1d' } = usePageSearch()
  const change = useChangeSearch()
  const readWindow = useRef<ReadWindow>(undefined)
  // `window` is what the bars were asked for by, `shown` what the chart is to begin with: the table in between changes only the latter.
  const [kept, setKept] = useState<{ readonly code: string; readonly window?: TimeWindow | undefined; readonly shown?: TimeWindow | undefined }>({ code })
  const { window, shown = window } = kept.code === code ? kept : { window: undefined }
  const keepShown = () => setKept({ code, window, shown: readWindow.current?.() ?? shown })
  const keepWindow = () => {
    const next = readWindow.current?.() ?? shown
    setKept({ code, window: next, shown: next })
  }
  const changeInterval = (next: Interval) => {
    if (next === interval) return
    keepWindow()
    change({ interval: next === '1d' ? undefined : next })
  }
  const changeAdjust = (next: Adjust) => {
    if (next === adjust) return
    keepWindow()
    change({ adjust: next === 'qfq' ? undefined : next })
  }
  useKeyActions((action) => {
    if (action.type === 'show') changeInterval(action.interval)
    else if (action.type !== 'interval') return false
    else changeInterval(INTERVALS[(INTERVALS.indexOf(interval) + action.by + INTERVALS.length) % INTERVALS.length]!)
    return true
  })
  return { interval, adjust, window, shown, readWindow, keepShown, changeInterval, changeAdjust }
}
