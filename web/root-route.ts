import { createRootRoute, useNavigate } from '@tanstack/react-router'
import { useCallback } from 'react'
import { readPageSearch, type PageSearch } from './state/page-search.ts'

/** The root of the address: every page shares one search part, so that a link survives a change of page. */
export const rootRoute = createRootRoute({ validateSearch: (raw: Record<string, unknown>): PageSearch => readPageSearch(raw) })

/** What the address asks for. */
export function usePageSearch(): PageSearch {
  return rootRoute.useSearch()
}

/** Change part of the address in place; `undefined` removes. Not a step of the history: the back button leaves the page. */
export function useChangeSearch(): (change: { readonly [Name in keyof PageSearch]: PageSearch[Name] | undefined }) => void {
  const navigate = useNavigate()
  return useCallback(
    (change) => {
      void navigate({ to: '.', search: (before: PageSearch) => readPageSearch({ ...before, ...change }), replace: true })
    },
    [navigate],
  )
}

/** Open a stock; the adjustment and the date of the address come along. */
export function useOpenStock(): (code: string, replace?: boolean) => void {
  const navigate = useNavigate()
  return useCallback(
    (code, replace = false) => {
      void navigate({ to: '/stock/$code', params: { code }, search: (before: PageSearch) => before, replace })
    },
    [navigate],
  )
}
