/**
 * The invented community of a demo: real names of distributions (public facts, FIELD §1), invented people under
 * reserved domains (RFC 2606). Every kind of key that members of such lists use is here (R7).
 */
import type { Address } from '../../mail/address.ts';
import type { PresetName } from '../../message/requests/request.ts';

export type KeyShape = 'rsa2048' | 'rsa3072' | 'rsa4096' | 'ed25519' | 'nistp256' | 'brainpoolP256r1';

export type DemoPerson = Readonly<{ name: string; address: Address; key: KeyShape }>;
export type DemoMember = Readonly<{
  name: string;
  list: string;
  products: readonly string[];
  people: readonly DemoPerson[];
}>;

export const demoDomain = 'lists.example.org';

export const demoLists: readonly Readonly<{ name: string; preset: PresetName }>[] = [
  { name: 'linux-distros', preset: 'linux-distros' },
  { name: 'distros', preset: 'distros' },
  { name: 'oss-security', preset: 'oss-security' },
];

function person(name: string, address: string, key: KeyShape): DemoPerson {
  return { name, address: address as Address, key };
}

function member(
  name: string,
  list: string,
  products: readonly string[],
  ...people: DemoPerson[]
): DemoMember {
  return { name, list, products, people };
}

export const demoMembers: readonly DemoMember[] = [
  member(
    'AlmaLinux',
    'linux-distros',
    ['AlmaLinux OS'],
    person('Noor Haddad', 'noor@almalinux.example', 'ed25519'),
  ),
  member(
    'Amazon Linux',
    'linux-distros',
    ['Amazon Linux 2023'],
    person('Ravi Menon', 'ravi@amazonlinux.example', 'rsa4096'),
    person('Greta Lund', 'greta@amazonlinux.example', 'ed25519'),
  ),
  member(
    'Arch Linux',
    'linux-distros',
    ['Arch Linux'],
    person('Jelle Vos', 'jelle@arch.example', 'ed25519'),
    person('Mina Sato', 'mina@arch.example', 'brainpoolP256r1'),
  ),
  member(
    'Chrome OS',
    'linux-distros',
    ['Chrome OS'],
    person('Dana Whitlock', 'dana@chromeos.example', 'nistp256'),
  ),
  member(
    'Debian',
    'linux-distros',
    ['Debian stable', 'Debian LTS'],
    person('Alice Ferrand', 'alice@debian.example', 'rsa4096'),
    person('Tomas Kral', 'tomas@debian.example', 'ed25519'),
  ),
  member(
    'Gentoo',
    'linux-distros',
    ['Gentoo'],
    person('Sol Iversen', 'sol@gentoo.example', 'ed25519'),
    person('Bea Novak', 'bea@gentoo.example', 'rsa3072'),
  ),
  member(
    'Openwall',
    'linux-distros',
    ['Openwall GNU/*/Linux'],
    person('Pavel Orlov', 'pavel@openwall.example', 'rsa2048'),
  ),
  member(
    'SUSE',
    'linux-distros',
    ['SUSE Linux Enterprise', 'openSUSE'],
    person('Hanne Brandt', 'hanne@suse.example', 'rsa3072'),
    person('Luca Ricci', 'luca@suse.example', 'ed25519'),
  ),
  member(
    'Ubuntu',
    'linux-distros',
    ['Ubuntu'],
    person('Owen Achebe', 'owen@ubuntu.example', 'ed25519'),
    person('Ines Prado', 'ines@ubuntu.example', 'rsa2048'),
  ),
  member(
    'FreeBSD',
    'distros',
    ['FreeBSD'],
    person('Karl Ekman', 'karl@freebsd.example', 'nistp256'),
    person('Yuki Mori', 'yuki@freebsd.example', 'ed25519'),
  ),
  member(
    'NetBSD/pkgsrc',
    'distros',
    ['NetBSD', 'pkgsrc'],
    person('Rosa Klein', 'rosa@netbsd.example', 'rsa2048'),
    person('Milan Dvorak', 'milan@netbsd.example', 'ed25519'),
  ),
  member('OmniOS', 'distros', ['OmniOS'], person('Fay Winters', 'fay@omnios.example', 'brainpoolP256r1')),
];

/** Representatives whom the lists name to run them. */
export const demoAdministrators: readonly Address[] = [
  'pavel@openwall.example' as Address,
  'alice@debian.example' as Address,
];

/** Finds flaws; a member of nothing. */
export const demoReporter = person('Robin Reyes', 'robin@researcher.example', 'ed25519');

export const demoPeople: readonly DemoPerson[] = [
  ...demoMembers.flatMap(({ people }) => people),
  demoReporter,
];
