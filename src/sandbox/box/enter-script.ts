// The program that a command goes through on its way into its box: one process of perl in place of six of util-linux, and the
// only one that can load a filter of system calls. Perl is part of every system that has git's own scripts.
import { seccompFilter } from './seccomp-filter.ts';

type Calls = Readonly<Record<'prctl' | 'setns' | 'unshare' | 'mount' | 'capset' | 'ppoll', number>>;

/** Numbers of system calls: arch/x86/entry/syscalls/syscall_64.tbl and include/uapi/asm-generic/unistd.h. */
const numbers: Readonly<Record<string, Calls>> = {
  x64: { prctl: 157, setns: 308, unshare: 272, mount: 165, capset: 126, ppoll: 271 },
  arm64: { prctl: 167, setns: 268, unshare: 97, mount: 40, capset: 91, ppoll: 73 },
};

/** What both forms of the program are made of. */
const subroutines = (call: Calls, filter: Buffer): string => `use strict;
my $death_signal = 1; my $no_new_privileges = 38; my $set_filter = 22; my $drop_bounding = 24;
sub call { my ($what, @given) = @_; syscall($given[0], @given[1 .. $#given]) == -1 and die "$what: $!\\n"; }
sub prctl { call("prctl $_[0]", ${String(call.prctl)}, @_, (0) x (5 - @_)); }
sub outcome { my $status = shift; exit($status & 127 ? 128 + ($status & 127) : $status >> 8); }

sub become {
  my ($user) = @_;
  for my $capability (0 .. 63) { syscall(${String(call.prctl)}, $drop_bounding, $capability, 0, 0, 0) == -1 and last; }
  if ($user ne '-') {
    $) = "$user $user"; $( = $user + 0; $< = $user + 0; $> = $user + 0;
    die "cannot become $user\\n" if $< != $user || $> != $user || $( != $user;
  }
  my ($header, $none) = (pack('L l', 0x20080522, 0), pack('L6', (0) x 6));
  call('capset', ${String(call.capset)}, $header, $none);
}

sub run {
  my @command = @_;
  my $program = pack('H*', '${filter.toString('hex')}');
  my $described = pack('S x![P] P', length($program) / 8, $program);
  prctl($no_new_privileges, 1);
  prctl($set_filter, 2, unpack('J', pack('P', $described)));
  exec { $command[0] } @command or do { print STDERR "$command[0]: $!\\n"; exit 127; };
}

# POLLERR is what a pipe says without a reader, POLLHUP what a socket says.
sub is_alone {
  my ($asked, $now) = (pack('l s s', fileno(STDOUT), 0, 0), pack('q q', 0, 0));
  syscall(${String(call.ppoll)}, $asked, 1, $now, 0, 0);
  return (unpack('l s s', $asked))[2] & 0x18;
}

`;

/**
 * Text of the program; null for a processor that we have no numbers for. Arguments, in one of two forms:
 * `join PID USER OWN NETWORK DIRECTORY STARTER COMMAND...` enters the namespaces of a process (OWN: `user` for its user namespace,
 * too), makes a process namespace in them, and one of the network where NETWORK is `own` (`shared`: that of the process), and runs
 * the command there as USER (`-`: as it is) without any right, until STARTER, the process that started it, is gone;
 * `filter COMMAND...` only loads the filter, unless nobody is left to read what the command prints: bubblewrap, before it, ends with
 * the process that started it, but not where that was gone before it could ask to. Ends as the command ends, 128 and the signal where one ended it.
 * Constants: linux/prctl.h, linux/sched.h, linux/mount.h, linux/capability.h, linux/sockios.h (SIOCSIFFLAGS).
 */
export function enterScript(architecture: string): string | null {
  const [filter, call] = [seccompFilter(architecture), numbers[architecture]];
  if (filter === null || call === undefined) return null;
  return `${subroutines(call, filter)}my ($form, @given) = @ARGV;
if ($form eq 'filter') {
  exit(1) if is_alone();
  run(@given);
}
my ($target, $user, $own, $network, $directory, $starter, @command) = @given;
$0 = 'sandbox';
my @kinds = ($own eq 'user' ? 'user' : (), $network eq 'own' ? () : 'net', qw(ipc uts mnt));
my @open = map { open(my $file, '<', "/proc/$target/ns/$_") or die "$_: $!\\n"; $file } @kinds;
call('setns', ${String(call.setns)}, fileno($_), 0) for @open;
close($_) for @open;
prctl($death_signal, 9);
# A starter that died before this line is not told of any more.
exit(1) if getppid() != $starter;
pipe(my $alive, my $held) or die "pipe: $!\\n";
call('unshare', ${String(call.unshare)}, 0x20000000 | 0x00020000 | ($network eq 'own' ? 0x40000000 : 0));
if ($network eq 'own') {
  my ($socket, $up) = (undef, pack('a16sx22', 'lo', 0x41));
  socket($socket, 2, 1, 0) && ioctl($socket, 0x8914, $up);
}
my $first = fork() // die "fork: $!\\n";
if ($first) { waitpid($first, 0); outcome($?); }
close($held);
prctl($death_signal, 9);
# Nothing is ever written: to be readable is to have been left alone.
my $left = '';
vec($left, fileno($alive), 1) = 1;
exit(1) if select($left, undef, undef, 0) > 0;
my ($none, $proc, $type) = ('none', '/proc', 'proc');
call('mount', ${String(call.mount)}, $none, $proc, 0, 0x44000, 0);
call('mount', ${String(call.mount)}, $type, $proc, $type, 0xe, 0);
chdir($directory) or die "$directory: $!\\n";
my $second = fork() // die "fork: $!\\n";
if (!$second) { become($user); run(@command); }
for (;;) { my $ended = wait(); outcome($?) if $ended == $second; }
`;
}
