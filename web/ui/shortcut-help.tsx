import { useTranslation } from 'react-i18next'
import { pages } from '../pages/index.ts'
import { Dialog } from './dialog.tsx'
import styles from './shortcut-help.module.css'

/** Every key of the pages; the ways to pages come from the registry. */
export function ShortcutHelp({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation()
  const groups = [
    {
      title: t('help.anywhere'),
      rows: [
        [['0–9', 'a–z'], t('help.type')],
        [['/', 'Ctrl K', '⌘K'], t('help.palette')],
        ...pages.flatMap(({ label, shortcut }) => (shortcut === undefined ? [] : [[[`g ${shortcut}`], t('help.go', { page: t(`pages.${label}`) })] as const])),
        [['?'], t('help.help')],
        [['Esc'], t('help.close')],
      ],
    },
    {
      title: t('help.lists'),
      rows: [
        [['j', 'k', '↓', '↑'], t('help.move')],
        [['PgDn', 'PgUp'], t('help.page')],
        [['Home', 'End'], t('help.edge')],
        [['Enter'], t('help.open')],
        [['Space', '→', '←'], t('help.toggle')],
      ],
    },
    {
      title: t('help.chart'),
      rows: [
        [['j', 'k', 'PgDn', 'PgUp'], t('help.walk')],
        [['↑', '↓', '+', '−'], t('help.zoom')],
        [['←', '→'], t('help.pan')],
        [['Home', 'End'], t('help.ends')],
        [[',', '.', 'F8'], t('help.interval')],
        [['Space'], t('help.tests')],
        [['Alt R'], t('help.reset')],
      ],
    },
  ] as const
  return (
    <Dialog label={t('help.title')} onClose={onClose}>
      <div className={styles['help']}>
        <h2>{t('help.title')}</h2>
        {groups.map(({ title, rows }) => (
          <section key={title}>
            <h3>{title}</h3>
            <dl>
              {rows.map(([keys, text]) => (
                <div key={text}>
                  <dt>
                    {keys.map((key) => (
                      <kbd key={key}>{key}</kbd>
                    ))}
                  </dt>
                  <dd>{text}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
        <p className="faint">{t('help.letters')}</p>
      </div>
    </Dialog>
  )
}
