// When the server asks for a token: a field for it. The server answers with a cookie that scripts cannot read.
import type { Lang } from '../report/shape.ts';
import { emptied } from './controls.ts';
import { say } from './frame.ts';
import { FRAME_WORDS } from './words/frame.ts';

export function showLogin(lang: Lang, done: () => void): void {
  const words = FRAME_WORDS[lang];
  for (const id of ['view', 'switches']) emptied(id);
  const message = emptied('message').attr('hidden', null);
  message.append('p').text(words.tokenWanted);
  const form = message.append('form').attr('class', 'login');
  const label = form.append('label').attr('class', 'list');
  label.append('span').text(words.token);
  const field = label
    .append('input')
    .attr('type', 'password')
    .attr('name', 'token')
    .attr('autocomplete', 'current-password');
  form.append('button').attr('type', 'submit').text(words.logIn);
  const answer = form.append('p').attr('role', 'status');
  form.on('submit', async (event: SubmitEvent) => {
    event.preventDefault();
    const body = JSON.stringify({ token: field.property('value') });
    const headers = { 'content-type': 'application/json' };
    const response = await fetch('api/v1/login', { method: 'POST', headers, body }).catch(() => undefined);
    if (response?.ok) done();
    else answer.text(response?.status === 401 ? words.tokenWrong : words.silent);
  });
  field.node()?.focus();
  say('');
}
