import type { Tick } from '#core/tick.ts'

/** 交接: batches handed from one who has them to one reader, one at a time: `push` resolves when the reader comes for more. */
export class TickQueue implements AsyncIterable<readonly Tick[]> {
  #held: { readonly batch: readonly Tick[]; readonly taken: () => void } | undefined
  #wake: (() => void) | undefined
  #isOver = false

  /** Hand a batch over. Resolves at once when the reader has gone. One caller at a time. */
  push(batch: readonly Tick[]): Promise<void> {
    if (this.#isOver || batch.length === 0) return Promise.resolve()
    return new Promise((resolve) => {
      this.#held = { batch, taken: resolve }
      this.#wake?.()
    })
  }

  /** No batch will come any more. */
  end(): void {
    this.#isOver = true
    this.#wake?.()
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<readonly Tick[]> {
    try {
      for (;;) {
        if (this.#held === undefined) {
          if (this.#isOver) return
          await new Promise<void>((resolve) => (this.#wake = resolve))
          continue
        }
        const { batch, taken } = this.#held
        yield batch
        this.#held = undefined
        taken()
      }
    } finally {
      // The reader is done with us, whatever is still held.
      this.#isOver = true
      this.#held?.taken()
      this.#held = undefined
    }
  }
}
