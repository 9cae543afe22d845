import pino, { type Logger } from 'pino'

/** The program's log: JSON lines on the error stream, secrets left out. */
export function createLog({ level }: { readonly level: 'info' | 'warn' | 'silent' }): Logger {
  return pino(
    { level, base: null, timestamp: pino.stdTimeFunctions.isoTime, redact: ['token', 'password', 'headers.authorization', 'req.headers.authorization'] },
    pino.destination({ dest: 2, sync: true }),
  )
}
