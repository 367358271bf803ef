/**
 * What strangers find in their mailboxes, opened, with what may differ taken out: instants, ids that are fresh by chance,
 * and case numbers. A number that comes twice is the same name twice, as strangers compare their mail (I9).
 */
import type { FoundedList } from './founded-list.ts';
import type { SunkMail } from './mail-sink.ts';

export async function mailToStrangers(
  list: FoundedList,
  known: readonly string[],
  gpg: FoundedList['gpg'],
): Promise<readonly string[]> {
  const mails = list.sink.mails().filter(({ recipient }) => !known.includes(recipient));
  const opened: string[] = [];
  for (const mail of mails) opened.push(plain(await open(mail, gpg)));
  const numbers = new Map<string, string>();
  const blank = (text: string) => text.replace(caseNumber, 'VS');
  return opened
    .toSorted((one, other) => (blank(one) < blank(other) ? -1 : 1))
    .map((text) =>
      text.replace(caseNumber, (found) => {
        const number = found.toUpperCase();
        const name = numbers.get(number) ?? `case ${numbers.size + 1}`;
        numbers.set(number, name);
        return name;
      }),
    );
}

const caseNumber = /VS-\d{4}-\d{4,6}/gi;

async function open({ from, recipient, raw }: SunkMail, gpg: FoundedList['gpg']): Promise<string> {
  const outside = `to ${recipient} from ${from}\n${raw}`;
  const armour = /-----BEGIN PGP MESSAGE-----[\s\S]*-----END PGP MESSAGE-----/.exec(outside)?.[0];
  if (armour === undefined) return outside;
  const { code, stdout } = await gpg.decrypt(armour);
  return outside.replace(armour, code === 0 ? Buffer.from(stdout).toString() : 'unreadable');
}

function plain(text: string): string {
  return text
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'INSTANT')
    .replace(/^((?:HP-Outer: )?(?:Date|Message-ID)):.*(\r?\n[ \t].*)*/gim, '$1: –')
    .replace(/\+(bounce|held)-[a-z2-7]{26}/g, '+$1-TOKEN')
    .replace(/boundary="[^"]*"/g, 'boundary=B')
    .replace(/^--[\w=+/-]{8,}$/gm, '--B');
}
