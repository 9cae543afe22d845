import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { api } from './api.ts'
import type { Adjust } from './state/page-search.ts'
import { joinBars, type KlineColumns } from './state/chart-frame.ts'
import { mayPass } from './use-api.ts'

const PAGE_BARS = 300
const RETRY_MS = 4_000

/** Daily bars of a stock, newest page first to arrive; `more` asks for the page before. While the adjustment changes the old bars stay. */
export function useBars(code: string, adjust: Adjust) {
  const query = useInfiniteQuery({
    queryKey: ['GET /api/klines', code, adjust],
    queryFn: async ({ pageParam, signal }) => {
      const cursor = pageParam === undefined ? {} : { cursor: pageParam }
      const { data } = await api('GET /api/klines', { symbol: code, interval: '1d', limit: PAGE_BARS, adjust, format: 'columns', ...cursor }, signal)
      return { bars: data.klines as KlineColumns, before: data.prev_cursor, code, adjust }
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ before }) => before ?? undefined,
    placeholderData: (before, beforeQuery) => (beforeQuery?.queryKey[1] === code ? keepPreviousData(before) : undefined),
    refetchInterval: ({ state }) => (state.error !== null && mayPass(state.error) ? RETRY_MS : false),
  })
  const { data, error, refetch, hasNextPage, isFetchingNextPage, fetchNextPage } = query
  const bars = useMemo(() => (data === undefined ? undefined : joinBars(data.pages.toReversed().map((page) => page.bars))), [data])
  return {
    bars,
    /** The adjustment of `bars`: the one before while the new one is on its way. */
    adjust: data?.pages[0]?.adjust ?? adjust,
    error: error,
    refetch,
    loadingMore: isFetchingNextPage,
    more: () => {
      if (hasNextPage && !isFetchingNextPage) void fetchNextPage()
    },
  }
}
