import { useLayoutEffect, useRef, type ReactNode } from 'react'
import styles from './dialog.module.css'

/** A modal: the browser keeps the focus inside, closes on Esc and gives the focus back. A click beside it closes too. */
export function Dialog({ label, onClose, children }: { readonly label: string; readonly onClose: () => void; readonly children: ReactNode }) {
  const dialog = useRef<HTMLDialogElement>(null)
  useLayoutEffect(() => {
    const own = dialog.current!
    own.showModal()
    // The browser would take the first element that can have the focus, which need not be where one types.
    own.querySelector('input')?.focus()
    return () => own.close()
  }, [])
  return (
    <dialog ref={dialog} className={styles['dialog']} aria-label={label} onCancel={onClose} onClick={({ target }) => target === dialog.current && onClose()}>
      {children}
    </dialog>
  )
}
