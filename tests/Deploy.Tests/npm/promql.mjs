// node promql.mjs INPUT: [{ where, expr }] -> what does not parse on stderr (exit 1), and the metrics that are named:
// [{ where, metric }] on stdout.
import { readFileSync } from 'node:fs'
import { parser } from '@prometheus-io/lezer-promql'

const asked = JSON.parse(readFileSync(process.argv[2], 'utf8'))
const named = []
let wrong = 0
for (const { where, expr } of asked) {
  // Grafana's own variables stand where PromQL has a duration.
  const text = expr.replaceAll('$__rate_interval', '5m')
  parser.parse(text).iterate({
    enter(node) {
      if (node.type.isError) {
        wrong++
        console.error(`${where}: does not parse at character ${node.from}: ${text}`)
      }
      if (node.name === 'VectorSelector') {
        const name = node.node.getChild('Identifier')
        if (name) named.push({ where, metric: text.slice(name.from, name.to) })
      }
    },
  })
}
console.log(JSON.stringify(named))
process.exit(wrong ? 1 : 0)
