// The tree's part of a view by one process of perl that forks for each tree: what `treeViewScript` does with a process of util-linux
// for each mount. Eight trees at once are a matter of how many processes they start, and a fork of node is a dear one.
import { callsOf, viewSubroutines, type Calls } from './view-subroutines.ts';

/** Carries out the instructions, and makes the folder the root. */
const builder = (call: Calls): string => `${viewSubroutines(call)}
my ($target, $own) = @ARGV;

sub build {
  my ($new, @left) = @_;
  call('unshare', ${String(call.unshare)}, 0x20000 | 0x40000000 | 0x08000000 | 0x04000000);
  attach('none', '/', 0, 0x4000 | 0x40000, 0);
  carry_out($new, @left);
  my ($socket, $up) = (undef, pack('a16sx22', 'lo', 0x41));
  socket($socket, 2, 1, 0) && ioctl($socket, 0x8914, $up) or print STDERR "no loopback\\n";
  if (open(my $name, '>', '/proc/sys/kernel/hostname')) { print $name "sandbox\\n"; close($name); }
  attach('none', $new, 0, $again | $bind | $read_only | $no_suid | $no_device, 0);
  chdir($new) or die "$new: $!\\n";
  my ($here, $machine) = ('.', '.machine');
  call('pivot_root', ${String(call.pivot)}, $here, $machine);
  call('umount', ${String(call.umount)}, $machine, 2);
  chdir('/') or die "/: $!\\n";
}
`;

/** Forks a builder for each request. */
const maker = (call: Calls): string => `sub say { syswrite(STDOUT, join(' ', @_) . "\\n"); }

umask(022);
$0 = 'ai-implement';
my @spaces = map { open(my $file, '<', "/proc/$target/ns/$_") or die "$_: $!\\n"; $file } ($own eq 'user' ? 'user' : (), 'mnt');
call('setns', ${String(call.setns)}, fileno($_), 0) for @spaces;
close($_) for @spaces;
my %made;
while (defined(my $size = readline(STDIN))) {
  read(STDIN, my $request, $size) == $size or last;
  my ($what, $number, @given) = split(/\\0/, $request, -1);
  pop(@given);
  if ($what eq 'end') {
    delete($made{$given[0]}) and kill('KILL', $given[0]) and waitpid($given[0], 0);
    say($number, 'ended');
    next;
  }
  my $maker = $$;
  my $child = fork() // do { say($number, 'failed', "fork: $!"); next; };
  if ($child) { $made{$child} = 1; next; }
  call('prctl', ${String(call.prctl)}, 1, 9, 0, 0, 0);
  exit(1) if getppid() != $maker;
  close(STDIN);
  eval { build(@given); 1 } or do { say($number, 'failed', $@ =~ s/\\s+/ /gr); exit(1); };
  say($number, 'ready', $$);
  sleep(86400) while 1;
}
`;

/**
 * Text of the program; null for a processor that we have no numbers for. Arguments: `PID OWN`. It enters the mount namespace of a
 * process (OWN: `user` for its user namespace, too), and then reads requests: a line with a number of bytes, and as many bytes, whose
 * parts end with NUL. `make NUMBER FOLDER INSTRUCTIONS...` forks a process that makes namespaces of its own, carries the
 * instructions of view-scripts.ts out below the folder, makes that the root, and stays: `NUMBER ready PID`, or `NUMBER failed WHY`.
 * `end NUMBER PID` ends one: `NUMBER ended`. When its input ends, all end. Constants: linux/sched.h, linux/mount.h,
 * linux/sockios.h (SIOCSIFFLAGS with IFF_UP | IFF_RUNNING), linux/prctl.h (PR_SET_PDEATHSIG).
 */
export function treeViewProgram(architecture: string): string | null {
  const call = callsOf(architecture);
  return call === null ? null : builder(call) + maker(call);
}
