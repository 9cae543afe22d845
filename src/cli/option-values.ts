import { UsageError } from '#core/errors.ts'

/** A flag's whole number, at least `least`. Throws UsageError. */
export function wholeNumber(name: string, text: unknown, least = -Infinity): number {
  const value = text === '' ? NaN : Number(text)
  if (!Number.isSafeInteger(value) || value < least)
    throw new UsageError(`Cannot use --${name} ${JSON.stringify(text)}: it is a whole number${least > -Infinity ? ` from ${least}` : ''}`)
  return value
}

/** The stocks of a flag that takes several, apart by space or comma; absent when it was not given. */
export function codeList(codes: unknown): readonly string[] | undefined {
  return (codes as readonly string[] | undefined)?.flatMap((code) => code.split(',')).filter((code) => code !== '')
}
