import { SourceTrouble } from '#core/source.ts'

/** What kind of trouble a TuShare answer tells of (spec warehouse-ods §2.1). */
export type TushareTrouble = 'RATE_MINUTE' | 'RATE_HOUR' | 'RATE_DAY' | 'TOKEN' | 'PERMISSION' | 'PARAM' | 'SERVER' | 'PAGING_UNSUPPORTED'

interface TroubleRule {
  readonly trouble: TushareTrouble
  readonly text: RegExp
  readonly codes: readonly number[]
}

/** First match wins, texts of all rules before codes of any: the same code comes with rate-limit and with permission texts. */
const RULES: readonly TroubleRule[] = [
  { trouble: 'RATE_MINUTE', text: /每分钟最多访问/, codes: [] },
  { trouble: 'RATE_HOUR', text: /每小时最多访问/, codes: [] },
  { trouble: 'RATE_DAY', text: /每天最多访问/, codes: [] },
  { trouble: 'TOKEN', text: /token不对/i, codes: [40101] },
  { trouble: 'PERMISSION', text: /没有.*权限|积分/, codes: [2002, -2002] },
  { trouble: 'PARAM', text: /参数/, codes: [-2001] },
  { trouble: 'RATE_MINUTE', text: /(?!)/, codes: [40203] },
]

/** The trouble of a code other than 0. */
export function tushareTrouble(code: number, message: string): TushareTrouble {
  return (RULES.find(({ text }) => text.test(message)) ?? RULES.find(({ codes }) => codes.includes(code)))?.trouble ?? 'SERVER'
}

/** The calls per minute a rate-limit text names, if any. */
export function namedRate(message: string): number | undefined {
  const found = /每分钟最多访问(?:该接口)?(\d+)次/.exec(message)?.[1]
  return found === undefined ? undefined : Number(found)
}

const RATE = { reason: 'rate-limited', nextStep: 'Wait until the vendor counts anew, or lower tushareCallsPerMinute; then run again' } as const
const REFUSED = { reason: 'source-unavailable', nextStep: 'Check TUSHARE_TOKEN and what the account may ask for, then run again' } as const
const BROKEN = { reason: 'bad-payload', nextStep: 'Run again; if it stays, the vendor changed its interface' } as const

const ENDINGS: Readonly<Record<TushareTrouble, { readonly reason: SourceTrouble['reason']; readonly nextStep: string }>> = {
  RATE_MINUTE: RATE,
  RATE_HOUR: RATE,
  RATE_DAY: RATE,
  TOKEN: REFUSED,
  PERMISSION: REFUSED,
  PARAM: BROKEN,
  SERVER: { reason: 'source-unavailable', nextStep: 'Check the network and run again: what was fetched is kept' },
  PAGING_UNSUPPORTED: BROKEN,
}

/** A request that could not be answered. The message never holds the token. */
export class TushareError extends SourceTrouble {
  override readonly name = 'TushareError'
  readonly trouble: TushareTrouble

  constructor(trouble: TushareTrouble, message: string) {
    const { reason, nextStep } = ENDINGS[trouble]
    super(reason, message, nextStep)
    this.trouble = trouble
  }
}
