// node dashboards.mjs INPUT: [{ where, text }], dashboards as JSON -> exit 1 and what Grafana's schema does not allow,
// in the dashboard itself and in the options of each kind of panel.
import { readFileSync } from 'node:fs'
import { problems } from './typescript.mjs'

const raw = '@grafana/schema/dist/esm/raw/composable'
const kinds = {
  bargauge: ['bargauge', 'BarGaugePanelCfg'],
  stat: ['stat', 'StatPanelCfg'],
  table: ['table', 'TablePanelCfg'],
  timeseries: ['timeseries', 'TimeSeriesPanelCfg'],
}
const lines = [
  `import type { AnnotationQuery, Dashboard } from '@grafana/schema'`,
  // Enums as the texts that JSON has.
  'type Json<T> = T extends string ? `${T}` : T extends object ? { [K in keyof T]: Json<T[K]> } : T',
  // What the Prometheus data source reads of an annotation, beside what all data sources have.
  'type Mark = Json<AnnotationQuery> & { expr: string; step: string; titleFormat: string; textFormat: string }',
  `type Checked = Omit<Json<Dashboard>, 'annotations'> & { annotations: { list: Mark[] } }`,
]
for (const [kind, [folder, file]] of Object.entries(kinds)) {
  lines.push(`import type { Options as ${kind}Options } from '${raw}/${folder}/panelcfg/x/${file}_types.gen'`)
}
let count = 0
for (const { where, text } of JSON.parse(readFileSync(process.argv[2], 'utf8'))) {
  const dashboard = JSON.parse(text)
  lines.push(`// ${where}`, `const dashboard${count++}: Checked = ${JSON.stringify(dashboard, null, 1)}`)
  for (const panel of dashboard.panels) {
    if (panel.type === 'row') continue
    lines.push(`const options${count++}: Json<${panel.type}Options> = ${JSON.stringify(panel.options, null, 1)}`)
  }
}
lines.push('export {}')
const wrong = problems(lines.join('\n'))
for (const one of wrong) console.error(one)
process.exit(wrong.length ? 1 : 0)
