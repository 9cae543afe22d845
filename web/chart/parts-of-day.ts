import {
  customSeriesDefaultOptions,
  type CustomData,
  type CustomSeriesOptions,
  type CustomSeriesPricePlotValues,
  type CustomSeriesWhitespaceData,
  type ICustomSeriesPaneRenderer,
  type ICustomSeriesPaneView,
  type PaneRendererCustomData,
  type Time,
} from 'lightweight-charts'

/** Big-order net of a day and its parts, CNY: 早盘, 盘中, 尾盘 in this order. */
export interface PartsOfDay extends CustomData {
  readonly net: number
  readonly parts: readonly number[]
}

export interface PartsOptions extends CustomSeriesOptions {
  readonly rise: string
  readonly fall: string
  readonly mark: string
}

/** How deep each part of the day is drawn: the open deepest, the close lightest. */
const DEPTHS = [1, 0.62, 0.34] as const

/** 大单净额 by part of the day, stacked: what was bought above zero, what was sold below, and a tick where the day came out. */
export class PartsSeries implements ICustomSeriesPaneView<Time, PartsOfDay, PartsOptions> {
  #data: PaneRendererCustomData<Time, PartsOfDay> | undefined
  #options: PartsOptions | undefined

  priceValueBuilder({ net, parts }: PartsOfDay): CustomSeriesPricePlotValues {
    return [bought(parts), -bought(parts.map((part) => -part)), net]
  }

  isWhitespace(data: PartsOfDay | CustomSeriesWhitespaceData<Time>): data is CustomSeriesWhitespaceData<Time> {
    return !('net' in data)
  }

  defaultOptions(): PartsOptions {
    return { ...customSeriesDefaultOptions, rise: '', fall: '', mark: '' }
  }

  update(data: PaneRendererCustomData<Time, PartsOfDay>, options: PartsOptions): void {
    this.#data = data
    this.#options = options
  }

  renderer(): ICustomSeriesPaneRenderer {
    return {
      draw: (target, toY) =>
        target.useMediaCoordinateSpace(({ context }) => {
          const [data, options] = [this.#data, this.#options]
          if (data?.visibleRange == null || options === undefined) return
          const half = Math.max(0.5, Math.min(6, data.barSpacing * 0.36))
          for (const { x, originalData } of data.bars.slice(Math.max(0, data.visibleRange.from), data.visibleRange.to)) {
            const edge = { above: 0, below: 0 }
            for (const [i, part] of originalData.parts.entries()) {
              const side = part > 0 ? 'above' : 'below'
              const [from, to] = [toY(edge[side]), toY(edge[side] + part)]
              edge[side] += part
              if (from === null || to === null) continue
              context.globalAlpha = DEPTHS[i] ?? 0.3
              context.fillStyle = part > 0 ? options.rise : options.fall
              context.fillRect(x - half, Math.min(from, to), 2 * half, Math.max(0.5, Math.abs(to - from)))
            }
            const y = toY(originalData.net)
            context.globalAlpha = 1
            if (y === null) continue
            context.fillStyle = options.mark
            context.fillRect(x - half, y - 0.5, 2 * half, 1)
          }
        }),
    }
  }
}

function bought(parts: readonly number[]): number {
  return parts.reduce((sum, part) => sum + Math.max(0, part), 0)
}
