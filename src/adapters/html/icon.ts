/** A sealed letter. */
export const icon = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect x="3" y="7" width="26" height="18" rx="3" fill="#0b5c6b"/><path d="M4 9l12 9 12-9" fill="none" stroke="#fff" stroke-width="2"/><circle cx="16" cy="19" r="4.5" fill="#c0392b" stroke="#fff" stroke-width="1.5"/></svg>`;
