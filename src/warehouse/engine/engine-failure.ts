import { EngineError, type EngineErrorKind } from './engine.ts'

/** ClickHouse error numbers a caller may want to tell apart (ClickHouse source, Common/ErrorCodes.cpp). */
const kinds: Readonly<Record<number, EngineErrorKind>> = {
  46: 'syntax', // UNKNOWN_FUNCTION
  47: 'syntax', // UNKNOWN_IDENTIFIER
  62: 'syntax', // SYNTAX_ERROR
  60: 'unknown-table',
  81: 'unknown-table', // UNKNOWN_DATABASE
  158: 'result-too-large', // TOO_MANY_ROWS
  396: 'result-too-large', // TOO_MANY_ROWS_OR_BYTES
  159: 'timed-out', // TIMEOUT_EXCEEDED
  160: 'timed-out', // TOO_SLOW
  209: 'timed-out', // SOCKET_TIMEOUT
  241: 'out-of-memory', // MEMORY_LIMIT_EXCEEDED
  173: 'out-of-memory', // CANNOT_ALLOCATE_MEMORY
  243: 'disk-full', // NOT_ENOUGH_SPACE
  394: 'cancelled', // QUERY_WAS_CANCELLED
  734: 'cancelled', // QUERY_WAS_CANCELLED_BY_CLIENT
  210: 'unavailable', // NETWORK_ERROR
  279: 'unavailable', // ALL_CONNECTION_TRIES_FAILED
  236: 'unavailable', // ABORTED
  202: 'unavailable', // TOO_MANY_SIMULTANEOUS_QUERIES
  193: 'unavailable', // WRONG_PASSWORD
  516: 'unavailable', // AUTHENTICATION_FAILED
}

const nextSteps: Partial<Record<EngineErrorKind, string>> = {
  'out-of-memory': 'Select fewer days or stocks at a time, or raise the engine memory',
  'timed-out': 'Select fewer days or stocks at a time, or raise max_execution_time',
  'result-too-large': 'Add a limit, aggregate, or read it with frames()',
  'disk-full': 'Free disk space and run the same command again',
  unavailable: 'Check that the engine is running and reachable, then run the same command again',
}

/**
 * Any failure of a statement as an EngineError. `doing` completes "Cannot …". The number comes from the client's error or from the text
 * `Code: N. DB::Exception`; connection failures are 'unavailable', a full disk seen by Node is 'disk-full'.
 */
export function engineFailure(doing: string, error: unknown): EngineError {
  if (error instanceof EngineError) return error
  const { message, code: ownCode } = error as { message?: string; code?: string | number }
  const text = message ?? String(error)
  const code = numberOf(ownCode) ?? numberOf(/Code: (\d+)\. DB::/.exec(text)?.[1])
  const kind = code === undefined ? kindOfSystemCode(String(ownCode ?? ''), text) : (kinds[code] ?? 'other')
  const step = nextSteps[kind]
  return new EngineError(kind, `Cannot ${doing}: ${readable(text)}.${step === undefined ? '' : ` ${step}`}`, {
    ...(code === undefined ? {} : { code }),
    cause: error,
  })
}

function numberOf(code: string | number | undefined): number | undefined {
  return code !== undefined && /^\d+$/.test(String(code)) ? Number(code) : undefined
}

function kindOfSystemCode(code: string, text: string): EngineErrorKind {
  if (code === 'ENOSPC' || code === 'EDQUOT') return 'disk-full'
  if (/^(ECONN|ENOTFOUND|EAI_|EPIPE|EHOST|ENET|ETIMEDOUT|UND_)/.test(code)) return 'unavailable'
  return /socket hang up|timeout error|aborted/i.test(text) ? 'unavailable' : 'other'
}

/** The innermost message of the engine, without its version, its class and the list of every word it would have accepted. */
function readable(text: string): string {
  return text
    .replace(/^[\s\S]*DB::\w*Exception: /, '')
    .replace(/(?:[.\s]*\((?:version [^)]*|[A-Z][A-Z0-9_]{3,})\))+[.\s]*$/, '')
    .replace(/ Expected one of: [\s\S]*$/, '')
    .replaceAll(/\/\*fupan:[\w-]+\*\/\s*/g, '')
    .replace(/[.\s]+$/, '')
}
