// Type-checks a text of TypeScript against the packages that are installed here.
import ts from 'typescript'

export function problems(text) {
  const name = 'check.ts'
  const options = {
    noEmit: true,
    strict: true,
    skipLibCheck: true,
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    types: [],
  }
  const host = ts.createCompilerHost(options)
  const { getSourceFile, fileExists, readFile } = host
  host.getSourceFile = (file, ...rest) =>
    file === name ? ts.createSourceFile(file, text, ts.ScriptTarget.ES2022) : getSourceFile.call(host, file, ...rest)
  host.fileExists = (file) => file === name || fileExists.call(host, file)
  host.readFile = (file) => (file === name ? text : readFile.call(host, file))
  return ts.getPreEmitDiagnostics(ts.createProgram([name], options, host)).map((found) => {
    const line = found.file ? found.file.getLineAndCharacterOfPosition(found.start).line + 1 : 0
    const near = found.file?.fileName === name ? text.split('\n')[line - 1].trim().slice(0, 120) : found.file?.fileName
    return `${ts.flattenDiagnosticMessageText(found.messageText, '\n')} (${near})`
  })
}
