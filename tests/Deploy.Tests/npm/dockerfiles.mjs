// node dockerfiles.mjs INPUT: [{ where, text }], Dockerfiles -> exit 1 and what the linter of editors' Docker support finds.
import { readFileSync } from 'node:fs'
import utils from 'dockerfile-utils'

const error = utils.ValidationSeverity.ERROR
const rules = {
  deprecatedMaintainer: error,
  directiveCasing: error,
  emptyContinuationLine: error,
  instructionCasing: error,
  instructionCmdMultiple: error,
  instructionEntrypointMultiple: error,
  instructionHealthcheckMultiple: error,
  instructionJSONInSingleQuotes: error,
  instructionWorkdirRelative: error,
}
let wrong = 0
for (const { where, text } of JSON.parse(readFileSync(process.argv[2], 'utf8'))) {
  for (const found of utils.validate(text, rules)) {
    wrong++
    console.error(`${where}:${found.range.start.line + 1}: ${found.message}`)
  }
}
process.exit(wrong ? 1 : 0)
