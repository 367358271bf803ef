/**
 * `SystemCallFilter=~@privileged` of contrib/systemd where no systemd runs: words before a program that from then on
 * hears EPERM from what that group forbids. Perl, as every Debian has it and it can make any system call.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';

/** Calls of @privileged that programs of ours or their launchers might make, by their numbers. */
const numbers: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  x64: { capset: 126, chown: 92, chroot: 161, setgroups: 116, setresuid: 117, setreuid: 113, setuid: 105 },
  arm64: { capset: 91, fchown: 55, chroot: 51, setgroups: 159, setresuid: 147, setreuid: 145, setuid: 146 },
};
const prctl: Readonly<Record<string, number>> = { x64: 157, arm64: 167 };

/** Everything here that systemd counts to the group; fails where systemd says otherwise. */
export function withoutPrivilegedCalls(): readonly string[] {
  const denied = numbers[process.arch];
  assert.ok(denied, `no numbers of system calls for ${process.arch}`);
  const group = membersOf('@privileged');
  for (const name of Object.keys(denied)) assert.ok(group.has(name), `${name} is not of @privileged`);
  return ['/usr/bin/perl', '-e', filter, `${prctl[process.arch]}`, Object.values(denied).join(','), '--'];
}

function membersOf(name: string): ReadonlySet<string> {
  const { stdout } = spawnSync('systemd-analyze', ['--no-pager', 'syscall-filter', name], {
    encoding: 'utf8',
  });
  const words = stdout.split('\n').map((line) => line.trim());
  const groups = words.filter((word) => word.startsWith('@') && word !== name);
  return new Set([...words, ...groups.flatMap((group) => [...membersOf(group)])]);
}

/** seccomp(2), filter of classic BPF: load the call's number, compare with each, EPERM or allow. */
const filter = `
my ($prctl, $denied) = (shift, shift); shift;
my $code = pack('SCCL', 0x20, 0, 0, 0);
$code .= pack('SCCL', 0x15, 0, 1, $_) . pack('SCCL', 0x06, 0, 0, 0x50001) for split /,/, $denied;
$code .= pack('SCCL', 0x06, 0, 0, 0x7fff0000);
my $program = pack('Sx6P', length($code) / 8, $code);
syscall($prctl, 38, 1, 0, 0, 0) == 0 or die "no_new_privs: $!";
syscall($prctl, 22, 2, $program, 0, 0) == 0 or die "seccomp: $!";
exec { $ARGV[0] } @ARGV or die "exec: $!";
`;
