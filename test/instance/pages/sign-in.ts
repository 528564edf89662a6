import { escape, htmlPage } from './html'

/** The sign-in page. */
export function signInPage(base: string, alias: string, next: string, failed: boolean): string {
  const problem = failed ? '<p class="problem" role="alert">The user name or password is not right.</p>' : ''
  return htmlPage({
    title: 'Sign in',
    assets: `${base}/ccp-assets`,
    styles: ['sign-in'],
    body: `
    <main>
      <p class="alias">${escape(alias)}</p>
      <h1>Sign in</h1>
      ${problem}
      <form method="post" action="${base}/login">
        <input type="hidden" name="next" value="${escape(next)}">
        <label>User name <input name="username" autocomplete="username" autofocus required></label>
        <label>Password <input name="password" type="password" autocomplete="current-password" required></label>
        <button type="submit">Sign in</button>
      </form>
    </main>`,
  })
}
