import { useQuery, type UseQueryResult } from '@tanstack/react-query'
import { api, type ApiFailure, type Path, type Query, type Reply } from './api.ts'

declare module '@tanstack/react-query' {
  interface Register {
    defaultError: ApiFailure
  }
}

/** How often an unreachable or unready server is asked again. */
const RETRY_MS = 4_000

/**
 * Ask an endpoint and keep the answer. `every` asks again after so many milliseconds (or as the answer suggests), `fresh` is how long an
 * answer is used without asking; a failure that may pass is asked again by itself,
 * and the last good answer stays beside the error.
 */
export function useApi<P extends Path>(
  path: P,
  query: Query<P>,
  { every, enabled = true, fresh = 5_000 }: { every?: number | ((reply: Reply<P> | undefined) => number | undefined); enabled?: boolean; fresh?: number } = {},
): UseQueryResult<Reply<P>> {
  return useQuery({
    queryKey: [path, query],
    queryFn: ({ signal }) => api(path, query, signal),
    enabled,
    staleTime: fresh,
    refetchInterval: ({ state }) =>
      state.error !== null && mayPass(state.error) ? RETRY_MS : ((typeof every === 'function' ? every(state.data) : every) ?? false),
  })
}

/** Whether the same question may be answered later. */
export function mayPass({ kind }: ApiFailure): boolean {
  return kind === 'unreachable' || kind === 'not-ready'
}
