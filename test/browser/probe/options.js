/* global document */
document.querySelector('button').addEventListener('click', ({ isTrusted }) => {
  document.querySelector('output').value = isTrusted ? 'pressed' : 'faked'
})
