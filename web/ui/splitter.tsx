import { useState, type CSSProperties, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { readStored, writeStored } from '../storage.ts'
import styles from './splitter.module.css'

interface SplitterProps {
  readonly main: ReactNode
  readonly side: ReactNode
  /** Width of the side in px: usual, smallest, largest. */
  readonly usual: number
  readonly least: number
  readonly most: number
  /** Under which name this browser remembers the width. */
  readonly name: string
}

const STEP_PX = 16

/** Two panels with a handle between them: drag it, or move it with the arrows; a double click brings the usual width back. */
export function Splitter({ main, side, usual, least, most, name }: SplitterProps) {
  const { t } = useTranslation()
  const clamp = (width: number) => Math.min(most, Math.max(least, Math.round(width)))
  const [width, setWidth] = useState(() => {
    const kept = readStored(name)
    return typeof kept === 'number' ? clamp(kept) : usual
  })
  const choose = (next: number) => {
    setWidth(clamp(next))
    writeStored(name, clamp(next))
  }
  return (
    <div className={styles['split']} style={{ '--side': `${width}px` } as CSSProperties}>
      {main}
      <div
        className={styles['handle']}
        role="separator"
        aria-orientation="vertical"
        aria-label={t('shell.resize')}
        aria-valuenow={width}
        aria-valuemin={least}
        aria-valuemax={most}
        tabIndex={0}
        onDoubleClick={() => choose(usual)}
        onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
        onPointerMove={(event) => {
          if (event.currentTarget.hasPointerCapture(event.pointerId)) choose(event.currentTarget.parentElement!.getBoundingClientRect().right - event.clientX)
        }}
        onKeyDown={(event) => {
          if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return
          event.preventDefault()
          choose(width + (event.key === 'ArrowLeft' ? STEP_PX : -STEP_PX))
        }}
      />
      {side}
    </div>
  )
}
