import type { Clock } from '#core/clock.ts'
import type { Source } from '#core/source.ts'
import { tushare } from '#sources/tushare.ts'
import { httpTransport } from '#vendor/http-transport.ts'
import { checkedSource } from './checked-source.ts'
import type { Config } from './config.ts'

/** Where the real world's raw data come from: TuShare when there is a token for it, else nowhere. */
export function marketSource(
  { tushareToken, tushareUrl, tushareCallsPerMinute }: Pick<Config, 'tushareToken' | 'tushareUrl' | 'tushareCallsPerMinute'>,
  clock: Clock,
): Source | undefined {
  if (tushareToken.value === undefined) return undefined
  return checkedSource(tushare({ token: tushareToken.value, transport: httpTransport(tushareUrl.value), clock, callsPerMinute: tushareCallsPerMinute.value }))
}
