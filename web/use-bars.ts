import type { Interval } from '#core/kline-interval.ts'
import { marketOf } from '#core/symbol.ts'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useEffect, useMemo, useRef } from 'react'
import { api } from './api.ts'
import { joinBars, leavesHole, withLive, withTail } from './state/merge-bars.ts'
import type { KlineColumns } from './state/chart-frame.ts'
import type { Adjust } from './state/page-search.ts'
import { coverFrom, endOf, type TimeWindow } from './state/time-window.ts'
import { mayPass } from './use-api.ts'
import { useBarTail } from './use-bar-tail.ts'
import { useLiveBars } from './use-live-bars.ts'

/** First paint asks for so many bars, every page after it for more. */
const FIRST_BARS = 200
const PAGE_BARS = 600
const RETRY_MS = 4_000
const FRESH_MS = 60_000

interface Asked {
  readonly code: string
  readonly interval: Interval
  readonly adjust: Adjust
  /** The window in time the chart is to begin with; absent = the newest bars. */
  readonly window: TimeWindow | undefined
  /** Brings traded prices of today to the adjustment; undefined while unknown. */
  readonly scale: number | undefined
}

/**
 * Bars of a stock: one request at first, `older` and `newer` ask for the pages beside it by cursor, the session's bars come over the socket, and
 * every 3 s by request while it is silent. While interval or adjustment change the bars before stay, and `interval` and `adjust` are still theirs.
 */
export function useBars({ code, interval, adjust, window, scale }: Asked) {
  const end = window === undefined ? undefined : endOf(window, interval)
  const query = useInfiniteQuery({
    queryKey: ['GET /api/klines', code, interval, adjust, end ?? 'newest'],
    queryFn: async ({ pageParam, signal }) => {
      const where =
        pageParam === undefined ? { limit: FIRST_BARS, ...(end === undefined ? {} : { end: String(end) }) } : { limit: PAGE_BARS, cursor: pageParam }
      const { data } = await api('GET /api/klines', { symbol: code, interval, adjust, label: 'end', format: 'columns', ...where }, signal)
      return { bars: data.klines as KlineColumns, before: data.prev_cursor, after: data.next_cursor, interval, adjust }
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ before }) => before ?? undefined,
    getPreviousPageParam: ({ after }) => after ?? undefined,
    placeholderData: (before, beforeQuery) => (beforeQuery?.queryKey[1] === code ? before : undefined),
    staleTime: FRESH_MS,
    refetchOnWindowFocus: false,
    refetchInterval: ({ state }) => (state.error !== null && mayPass(state.error) ? RETRY_MS : false),
  })
  const { data, error, isPlaceholderData, refetch, hasNextPage, hasPreviousPage, isFetching, fetchNextPage, fetchPreviousPage } = query
  const isOpenEnd = data !== undefined && !isPlaceholderData && !hasPreviousPage
  const isStreamed = marketOf(code) === 'cn' && interval !== '1w' && interval !== '1M' && scale !== undefined
  const channel = isStreamed && isOpenEnd ? `kline:${code}:${interval}` : undefined
  const live = useLiveBars(channel)
  const tail = useBarTail({ code, interval, adjust }, isOpenEnd && live.phase !== 'current')

  const joined = useMemo(() => (data === undefined ? undefined : joinBars(data.pages.toReversed().map((page) => page.bars))), [data])
  const hasHole = isOpenEnd && joined !== undefined && tail.bars !== undefined && leavesHole(joined, tail.bars)
  const bars = useMemo(() => {
    if (joined === undefined || !isOpenEnd) return joined
    const read = tail.bars === undefined || hasHole ? joined : withTail(joined, tail.bars)
    return withLive(read, live.bars, scale ?? 1)
  }, [joined, isOpenEnd, tail.bars, hasHole, live.bars, scale])

  // A cursor outlives neither the server nor four days: with a new first page the next ones follow from it.
  const isExpired = error?.code === 'CURSOR_EXPIRED'
  useEffect(() => {
    if (isExpired || hasHole) void refetch()
  }, [isExpired, hasHole, refetch])

  // Another session begins: the bars of the one before are the warehouse's now.
  const heard = useRef<{ readonly channel: string | undefined; readonly epoch: string | undefined }>(undefined)
  useEffect(() => {
    if (live.epoch === undefined) return
    const isAnother = heard.current?.channel === channel && heard.current?.epoch !== live.epoch
    heard.current = { channel, epoch: live.epoch }
    if (isAnother) void refetch()
  }, [channel, live.epoch, refetch])

  const [oldest, newest] = [joined?.time[0], joined?.time.at(-1)]
  const cover = window === undefined || newest === undefined ? undefined : coverFrom(window, interval, newest)
  const isShort = !isPlaceholderData && error === null && cover !== undefined && oldest !== undefined && oldest > cover && hasNextPage && !isFetching
  useEffect(() => {
    if (isShort) void fetchNextPage()
  }, [isShort, fetchNextPage])

  return {
    bars,
    /** What `bars` are of: the choice before while the new one is on its way. */
    interval: data?.pages[0]?.interval ?? interval,
    adjust: data?.pages[0]?.adjust ?? adjust,
    isChanging: isPlaceholderData,
    error: isExpired ? null : error,
    /** Why the newest bars could not be read again; the ones before are shown. */
    tailError: tail.failure,
    /** Whether there is nothing older than `bars`. */
    isWhole: data !== undefined && !isPlaceholderData && !hasNextPage,
    /** Whether there is nothing newer than `bars`. */
    reachesNow: !hasPreviousPage,
    refetch,
    loadingOlder: query.isFetchingNextPage,
    older: () => {
      if (!isPlaceholderData && hasNextPage && !isFetching && error === null) void fetchNextPage()
    },
    newer: () => {
      if (!isPlaceholderData && hasPreviousPage && !isFetching && error === null) void fetchPreviousPage()
    },
  }
}
