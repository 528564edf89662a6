import { execFile } from 'node:child_process'

/** Runs a program to its end and returns its output; a non-zero exit is an error with its error output. */
export function run(program: string, args: string[], env: NodeJS.ProcessEnv = process.env): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(program, args, { env, timeout: 20_000 }, (error, stdout, stderr) => {
      if (error) reject(new Error(`${program} ${args.join(' ')}: ${stderr.trim() || error.message}`))
      else resolve(stdout.trim())
    })
  })
}
