// The run's part of a view by one process of perl: what `runViewScript` does with some eighty of util-linux, which is most of the
// time that opening a sandbox takes.
import { callsOf, viewSubroutines } from './view-subroutines.ts';

/**
 * Text of the program; null for a processor that we have no numbers for. Arguments, words and end are those of `runViewScript`.
 * Constants: linux/mount.h (MS_BIND | MS_REC).
 */
export function runViewProgram(architecture: string): string | null {
  const call = callsOf(architecture);
  if (call === null) return null;
  return `${viewSubroutines(call)}
umask(022);
$0 = 'ai-implement';
my ($new, @left) = @ARGV;
pop(@left) eq '--' or die "no end of the instructions\\n";
attach('ai-implement', $new, 'tmpfs', $no_suid | $no_device, 'mode=755,size=8m');
carry_out($new, @left);
attach('/proc', "$new/proc", 0, $bind | 0x4000, 0);
attach('none', "$new/dev", 0, $again | $bind | $read_only | $no_suid, 0);
eval { attach('ai-implement', "$new/dev/pts", 'devpts', 0, 'newinstance,ptmxmode=0666,mode=0600') };
syswrite(STDOUT, "ready\\n");
readline(STDIN);
`;
}
