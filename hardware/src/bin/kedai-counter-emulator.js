// Shows what the emulated devices show, and is the hand at them.
const at = (id) => document.getElementById(id);

async function tell(path, fields) {
  const body = new URLSearchParams(fields).toString();
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  const answer = await fetch(path, { method: 'POST', headers, body });
  at('said').textContent = await answer.text();
}

for (const id of ['scan', 'weigh', 'fault']) {
  at(id).addEventListener('submit', (event) => {
    event.preventDefault();
    void tell(`/${id}`, new FormData(event.target));
  });
}
for (const button of document.querySelectorAll('[data-state]')) {
  button.addEventListener('click', () => void tell('/weigh', { state: button.dataset.state }));
}
for (const button of document.querySelectorAll('[data-card]')) {
  button.addEventListener('click', () => void tell('/card', { verdict: button.dataset.card }));
}

async function look() {
  try {
    const state = await (await fetch('/state')).json();
    at('paper').textContent = state.paper;
    at('drawer').textContent = state.drawer;
    at('display').textContent = state.display.join('\n') || ' ';
    at('zvt').textContent = state.zvt ?? 'nothing';
    at('http').textContent = state.http ?? 'nothing';
    for (const [name, address] of Object.entries(state.addresses)) at(`at-${name}`).textContent = address;
  } catch {
    at('said').textContent = 'The emulator does not answer.';
  }
  setTimeout(look, 500);
}
void look();
