/** `\r\n__exception__\r\n`, the tag of 16 letters, `\r\n`: what must not be cut apart when it crosses chunks. */
const HELD = 64

/**
 * The body of a reply without the error a server appends when a statement fails after its first bytes were sent. `tag` is the reply's
 * x-clickhouse-exception-tag (ClickHouse 25.11 and later); the error begins with `__exception__` and the tag and ends the body.
 * Throws an Error with the engine's text.
 */
export async function* withoutTrailingError(body: AsyncIterable<Buffer>, tag: string | undefined): AsyncGenerator<Buffer, void, undefined> {
  if (tag === undefined) {
    yield* body
    return
  }
  const marker = Buffer.from(`\r\n__exception__\r\n${tag}\r\n`, 'latin1')
  let held: Buffer = Buffer.alloc(0)
  const chunks = body[Symbol.asyncIterator]()
  for (;;) {
    const step = await chunks.next()
    if (step.done === true) break
    const { value: chunk } = step
    // Only where they meet could the marker lie across two chunks.
    const border = Buffer.concat([held, chunk.subarray(0, HELD)])
    if (border.includes(marker) || chunk.includes(marker)) throw new Error(await errorText(Buffer.concat([held, chunk]), marker, chunks))
    if (chunk.length < HELD) {
      held = Buffer.concat([held, chunk])
      if (held.length > HELD) {
        yield held.subarray(0, held.length - HELD)
        held = held.subarray(held.length - HELD)
      }
      continue
    }
    if (held.length > 0) yield held
    if (chunk.length > HELD) yield chunk.subarray(0, chunk.length - HELD)
    held = chunk.subarray(chunk.length - HELD)
  }
  if (held.length > 0) yield held
}

/** The text between the marker and the line with its length, which ends with the tag again. */
async function errorText(found: Buffer, marker: Buffer, rest: AsyncIterator<Buffer>): Promise<string> {
  const parts = [found.subarray(found.indexOf(marker) + marker.length)]
  try {
    for (let step = await rest.next(); step.done !== true; step = await rest.next()) parts.push(step.value)
  } catch {
    // The server closes the connection in the middle of the reply on purpose.
  }
  const text = Buffer.concat(parts).toString('utf8')
  return text.replace(/\n\d+ \w+\r\n__exception__\s*$/, '')
}
