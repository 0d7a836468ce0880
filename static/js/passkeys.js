// Passkeys: the browser asks the device, the form carries its answer. Forms marked data-passkey="create | get | login".

const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));
const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
const known = (keys = []) => keys.map((key) => ({...key, id: bytes(key.id)}));

async function create({publicKey}, alone) {
  const selection = alone ? {residentKey: "required", requireResidentKey: true, userVerification: "required"} : {residentKey: "discouraged", requireResidentKey: false};
  const made = await navigator.credentials.create({publicKey: {
    ...publicKey,
    challenge: bytes(publicKey.challenge),
    user: {...publicKey.user, id: bytes(publicKey.user.id)},
    excludeCredentials: known(publicKey.excludeCredentials),
    authenticatorSelection: {...publicKey.authenticatorSelection, ...selection},
  }});
  return {...common(made), response: {
    clientDataJSON: text(made.response.clientDataJSON),
    attestationObject: text(made.response.attestationObject),
    transports: made.response.getTransports?.() ?? [],
  }};
}

async function get({publicKey}) {
  const answer = await navigator.credentials.get({publicKey: {
    ...publicKey, challenge: bytes(publicKey.challenge), allowCredentials: known(publicKey.allowCredentials),
  }});
  return {...common(answer), response: {
    clientDataJSON: text(answer.response.clientDataJSON),
    authenticatorData: text(answer.response.authenticatorData),
    signature: text(answer.response.signature),
    userHandle: answer.response.userHandle ? text(answer.response.userHandle) : null,
  }};
}

const common = (key) => ({
  type: key.type, id: key.id, rawId: text(key.rawId), authenticatorAttachment: key.authenticatorAttachment,
  clientExtensionResults: key.getClientExtensionResults(),
});

const onPage = () => JSON.parse(document.getElementById("passkey-options").textContent);

const ASK = {
  create: (form) => create(onPage().creation_options, form.elements.passwordless?.checked ?? false),
  get: () => get(onPage().request_options),
  async login(form) {
    const answer = await fetch(form.action, {headers: {Accept: "application/json"}, cache: "no-store"});
    if (!answer.ok) throw new Error(answer.status);
    return get((await answer.json()).request_options);
  },
};

if (window.PublicKeyCredential) for (const form of document.querySelectorAll("[data-passkey]")) {
  form.hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const failed = form.querySelector("[data-failed]");
    failed.hidden = true;
    try {
      form.elements.credential.value = JSON.stringify(await ASK[form.dataset.passkey](form));
      form.submit();
    } catch {
      failed.hidden = false;
    }
  });
}
