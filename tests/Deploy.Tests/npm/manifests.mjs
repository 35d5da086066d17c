// node manifests.mjs INPUT: [{ where, text }], YAML streams -> exit 1 and every key that Kubernetes does not know
// (kubernetes-types, by the compiler) and every value of a wrong type (kubernetes-models, by its schemas).
import { readFileSync } from 'node:fs'
import { parseAllDocuments } from 'yaml'
import { problems } from './typescript.mjs'

const wrong = []
const imports = new Set()
const lines = []
let count = 0
for (const { where, text } of JSON.parse(readFileSync(process.argv[2], 'utf8'))) {
  for (const document of parseAllDocuments(text)) {
    for (const error of document.errors) wrong.push(`${where}: ${error.message}`)
    const manifest = document.toJS()
    if (!manifest) continue
    const { apiVersion, kind } = manifest
    const here = `${where}: ${kind} ${manifest.metadata?.name}`
    const own = apiVersion.includes('monitoring.coreos.com')
    const models = own ? '@kubernetes-models/prometheus-operator' : 'kubernetes-models'
    try {
      const known = await import(`${models}/${apiVersion}`)
      if (!known[kind]) throw new Error(`${apiVersion} has no ${kind}`)
      new known[kind](manifest).validate()
    } catch (error) {
      wrong.push(`${here}: ${error.message}`)
    }
    // kubernetes-types has folders by the first word of a group; the core group, which has no name, is `core`.
    const [group, version] = apiVersion.includes('/') ? apiVersion.split('/') : ['core', apiVersion]
    const types = own ? `@kubernetes-models/prometheus-operator/${apiVersion}` : `kubernetes-types/${group.split('.')[0]}/${version}`
    const alias = `T${count++}`
    imports.add(`import type { ${own ? `I${kind}` : kind} as ${alias} } from '${types}'`)
    lines.push(`const of${alias}: ${alias} = ${JSON.stringify(manifest, null, 1)}`)
  }
}
wrong.push(...problems([...imports, ...lines, 'export {}'].join('\n')))
for (const one of wrong) console.error(one)
console.log(`${count} manifests`)
process.exit(wrong.length ? 1 : 0)
