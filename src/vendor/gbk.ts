/** GBK text, as Tencent and Sina send it. A character outside GBK becomes a question mark. */
export function encodeGbk(text: string): Buffer {
  const table = gbkTable()
  const bytes: number[] = []
  for (const character of text) {
    const code = character.codePointAt(0)!
    const pair = table.get(character)
    if (code < 0x80) bytes.push(code)
    else if (pair === undefined) bytes.push(0x3f)
    else bytes.push(pair >> 8, pair & 0xff)
  }
  return Buffer.from(bytes)
}

export function decodeGbk(bytes: Uint8Array): string {
  return new TextDecoder('gbk').decode(bytes)
}

let table: ReadonlyMap<string, number> | undefined

/** Every character of two bytes, by asking the decoder about every pair once. */
function gbkTable(): ReadonlyMap<string, number> {
  if (table !== undefined) return table
  const made = new Map<string, number>()
  const decoder = new TextDecoder('gbk')
  for (let lead = 0x81; lead <= 0xfe; lead++) {
    const row = new Uint8Array(2)
    for (let trail = 0x40; trail <= 0xfe; trail++) {
      row[0] = lead
      row[1] = trail
      const text = decoder.decode(row)
      if (text.length === 1 && text !== '�' && !made.has(text)) made.set(text, (lead << 8) | trail)
    }
  }
  table = made
  return made
}
