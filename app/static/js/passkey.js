// Runs a passkey ceremony for a form that carries its options:
//   <form data-passkey="get|create" data-options='…'> with a hidden input named "credential".
// The answer travels in the form's own post, so the CSRF token, the redirect and the error page
// are those of any other form.

const supported = () => typeof PublicKeyCredential?.parseRequestOptionsFromJSON === "function";

const ceremonies = {
  get: (options) =>
    navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) }),
  create: (options) =>
    navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) }),
};

function say(form, name) {
  const line = form.querySelector("[data-passkey-status]");
  const text = line?.dataset[name];
  if (!line || !text) return;
  line.querySelector("p").textContent = text;
  line.hidden = false;
}

async function run(form) {
  const button = form.querySelector("[type=submit]");
  button.disabled = true;
  try {
    const credential = await ceremonies[form.dataset.passkey](JSON.parse(form.dataset.options));
    form.elements.credential.value = JSON.stringify(credential);
    form.submit();
  } catch (error) {
    button.disabled = false;
    button.focus();
    say(form, { InvalidStateError: "known", NotAllowedError: "stopped" }[error.name] ?? "failed");
  }
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  if (!supported()) {
    say(form, "unsupported");
    continue;
  }
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (form.reportValidity()) run(form);
  });
}
